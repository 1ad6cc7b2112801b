package dev.referee.e2e.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How long things took.
final class Times {
  private final long[] nanos;

  Times(List<Long> nanos) {
    this.nanos = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /// @param share between 0 and 1
  double millis(double share) {
    int at = (int) Math.ceil(share * nanos.length) - 1;
    return nanos[Math.clamp(at, 0, nanos.length - 1)] / 1e6;
  }

  double sumMillis() {
    return Arrays.stream(nanos).sum() / 1e6;
  }

  /// `p50 / p95 ms`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f / %.2f", millis(0.5), millis(0.95));
  }
}
