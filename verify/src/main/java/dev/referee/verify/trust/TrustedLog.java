package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A log that a trust root names: a transparency log of signatures (Rekor), or one of certificates.
///
/// What the trust root says about one log may make no sense without spoiling the others: such a log
/// is known, and never believed.
///
/// @param id what entries and timestamps name the log by
/// @param checkpointHint what its signatures under checkpoints begin with: 4 bytes
/// @param name the host, with the port where one is named, and the path that checkpoints name it by
/// @param operator who runs it, as the trust root says; empty, it does not
/// @param trust its key and since when, or what is wrong with them
@SuppressWarnings("ArrayRecordComponent") // Compared by content, below.
public record TrustedLog(
    byte[] id, byte[] checkpointHint, String name, String operator, Trust trust) {
  public TrustedLog {
    requireNonNull(id, "id is null");
    requireNonNull(checkpointHint, "checkpointHint is null");
    requireNonNull(name, "name is null");
    requireNonNull(operator, "operator is null");
    requireNonNull(trust, "trust is null");
  }

  /// Whose word it is, where several are asked for: that of two logs with one operator is one.
  public Object party() {
    return operator.isEmpty() ? this : operator;
  }

  /// Whether this is the log of that id.
  public boolean hasId(byte[] other) {
    return Arrays.equals(id, other);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustedLog that
        && Arrays.equals(id, that.id)
        && Arrays.equals(checkpointHint, that.checkpointHint)
        && name.equals(that.name)
        && operator.equals(that.operator)
        && trust.equals(that.trust);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(id);
  }

  /// Whether the log can be believed.
  public sealed interface Trust {
    /// It can.
    record Usable(TrustedKey key, Window window) implements Trust {}

    /// It cannot: what the trust root says about it makes no sense.
    record Unusable(String problem) implements Trust {}
  }
}
