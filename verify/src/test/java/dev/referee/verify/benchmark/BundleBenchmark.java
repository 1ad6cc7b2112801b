package dev.referee.verify.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.notation.FreshEnvelopes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// What bundles and envelopes cost a core, against the sum of the signature checks in them, both
/// measured in this run: the ratio says what we add, on any machine. Run by the profile
/// `benchmark`.
class BundleBenchmark {
  /// Whatever is around the signatures may cost half as much again.
  private static final double LIMIT = 1.5;

  @Test
  void costsLittleMoreThanItsSignatures() throws RunnerException {
    var times = run();
    double fresh = time(times, "bareFreshP256");
    double p256 = time(times, "bareKnownP256");
    double p384 = time(times, "bareKnownP384");
    double ed25519 = time(times, "bareKnownEd25519");
    var rows = new LinkedHashMap<String, Double>();
    // Artifact, promise, checkpoint, log of certificates; certificate.
    rows.put("bundleRekor1", fresh + 3 * p256 + p384);
    // Artifact, log of certificates, timestamp; checkpoint; certificate.
    rows.put("bundleRekor2", fresh + 2 * p256 + ed25519 + p384);
    rows.put("bundleByKey", fresh);
    // Envelope, certificate; intermediate.
    rows.put("notationJws", 2 * fresh + p256);
    rows.put("notationCose", 2 * fresh + p256);

    times.forEach((name, time) -> System.out.printf("%-18s %8.1f us%n", name, time));
    rows.forEach(
        (name, bare) ->
            System.out.printf(
                "%-18s %8.1f us, its signatures alone %8.1f us, ratio %.2f%n",
                name, time(times, name), bare, time(times, name) / bare));

    rows.forEach((name, bare) -> assertThat(time(times, name) / bare).as(name).isLessThan(LIMIT));
  }

  private static Map<String, Double> run() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(FreshBundles.class.getName() + ".*")
                    .include(FreshEnvelopes.class.getName() + ".*")
                    .forks(1)
                    .threads(1)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(2))
                    .measurementIterations(6)
                    // Without the agents of a build.
                    .jvmArgs("-Xms512m", "-Xmx512m")
                    .measurementTime(TimeValue.seconds(2))
                    .shouldFailOnError(true)
                    .build())
            .run();
    var times = new LinkedHashMap<String, Double>();
    for (var result : results) {
      var counted = result.getSecondaryResults();
      double nanoseconds = score(counted.get("nanoseconds"));
      times.put(
          result.getPrimaryResult().getLabel(),
          nanoseconds / score(counted.get("operations")) / 1000);
    }
    return times;
  }

  private static double score(@Nullable Result<?> result) {
    return result == null ? Double.NaN : result.getScore();
  }

  private static double time(Map<String, Double> times, String name) {
    var time = times.get(name);
    assertThat(time).as(name).isNotNull().isPositive();
    return time == null ? Double.NaN : time;
  }
}
