package dev.referee.webhook;

import dev.referee.oci.Deadline;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When an answer is due: the API server puts its own patience into the query, `?timeout=10s`
/// (Kubernetes, "Dynamic Admission Control", webhook request and response). We answer a little
/// earlier, since its failure policy would decide otherwise.
final class ReviewDeadline {
  /// What the API server's default is.
  private static final Duration DEFAULT = Duration.ofSeconds(10);

  /// The most that it allows.
  private static final Duration MAX = Duration.ofSeconds(30);

  /// For the way back and for writing the answer.
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,4})(ms|s|m0s|m)");

  private ReviewDeadline() {}

  static Deadline of(@Nullable String timeout) {
    return Deadline.in(budget(timeout));
  }

  static Duration budget(@Nullable String timeout) {
    var patience = patience(timeout);
    var margin = patience.dividedBy(4);
    return patience.minus(margin.compareTo(MARGIN) < 0 ? margin : MARGIN);
  }

  private static Duration patience(@Nullable String timeout) {
    if (timeout == null) {
      return DEFAULT;
    }
    var matcher = SECONDS.matcher(timeout);
    if (!matcher.matches()) {
      return DEFAULT;
    }
    long number = Long.parseLong(matcher.group(1));
    var given =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        };
    return given.isZero() || given.compareTo(MAX) > 0 ? MAX : given;
  }
}
