package dev.referee.e2e.junit;

import static java.util.Objects.requireNonNull;

/// How many end-to-end tests ended in which way, and on what.
///
/// @param where what they ran on, as it stands in the line
record Tally(String where, int passed, int failed, int skipped) {
  static final Tally NONE = new Tally("without a cluster", 0, 0, 0);

  Tally {
    requireNonNull(where, "where is null");
  }

  Tally on(String cluster) {
    return new Tally("on " + cluster, passed, failed, skipped);
  }

  Tally pass() {
    return new Tally(where, passed + 1, failed, skipped);
  }

  Tally fail(int tests) {
    return new Tally(where, passed, failed + tests, skipped);
  }

  Tally skip(int tests) {
    return new Tally(where, passed, failed, skipped + tests);
  }

  boolean isEmpty() {
    return passed + failed + skipped == 0;
  }

  /// `7 tests on a local control plane (Kubernetes v1.36.3), 0 skipped`.
  String line() {
    int run = passed + failed;
    return "%d %s %s, %d skipped%s"
        .formatted(
            run,
            run == 1 ? "test" : "tests",
            where,
            skipped,
            failed == 0 ? "" : ", %d FAILED".formatted(failed));
  }
}
