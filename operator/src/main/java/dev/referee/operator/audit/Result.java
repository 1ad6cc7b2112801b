package dev.referee.operator.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What became of a requirement, in the words of the report APIs. The order is that of a report:
/// what somebody has to act on stands first, and is never what a limit cuts.
public enum Result {
  /// Not fulfilled.
  FAIL,
  /// It could not be found out.
  ERROR,
  /// Not fulfilled, by a policy that only warns.
  WARN,
  /// It need not be fulfilled, by an exception.
  SKIP,
  /// Fulfilled.
  PASS;

  /// As reports spell it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Result> of(String text) {
    return Arrays.stream(values()).filter(value -> value.toString().equals(text)).findFirst();
  }
}
