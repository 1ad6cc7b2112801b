package dev.referee.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.Reference;
import dev.referee.verify.ProofKey;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.policy.Requirement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Time is a number here, and the background runs when a test says so.
class RememberedProofsTest {
  private static final Outcome.Met MET = new Outcome.Met("signed by ci", List.of());
  private static final Outcome.Unmet UNMET = new Outcome.Unmet(Reason.UNSIGNED, "no signature");
  private static final Outcome.Undecided AWAY =
      new Outcome.Undecided(Reason.REGISTRY_UNREACHABLE, "no route");
  private static final ProofKey KEY = key("registry.example.com/shop/cart");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RememberedProofs proofs =
      new RememberedProofs(ProofTimes.DEFAULT, nanos::get, background::add, meters);
  private final AtomicInteger searches = new AtomicInteger();
  private Outcome.Checked answer = MET;

  private static ProofKey key(String repository) {
    return new ProofKey(
        Reference.parse(repository).repository(),
        Digest.of(new byte[0]),
        new Requirement.Deny("r", "no"));
  }

  private Outcome.Checked search() {
    searches.incrementAndGet();
    return answer;
  }

  private Outcome.Checked ask() {
    return proofs
        .known(KEY)
        .<Outcome.Checked>map(met -> met)
        .orElseGet(() -> proofs.prove(KEY, soon(), this::search, (_, _) -> search()));
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(1));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void runBackground() {
    for (var task = background.poll(); task != null; task = background.poll()) {
      task.run();
    }
  }

  @Test
  void believesAProofWhileItIsFresh() {
    assertThat(ask()).isEqualTo(MET);
    pass(Duration.ofMinutes(3));
    assertThat(ask()).isEqualTo(MET);

    assertThat(searches).hasValue(1);
    assertThat(gets("hit")).isEqualTo(1);
    assertThat(gets("miss")).isEqualTo(1);
  }

  @Test
  void searchesAgainWhenItIsFreshNoMore() {
    ask();
    pass(ProofTimes.DEFAULT.fresh());
    answer = UNMET;

    assertThat(ask()).isEqualTo(UNMET);
  }

  @Test
  void believesAProofForItsOwnRepositoryOnly() {
    ask();

    assertThat(proofs.known(key("registry.example.com/shop/other"))).isEmpty();
  }

  @Test
  void neverKeepsARefusal() {
    answer = UNMET;
    assertThat(ask()).isEqualTo(UNMET);
    answer = MET;
    assertThat(ask()).isEqualTo(MET);
  }

  @Test
  void refreshesOnceBeforeItIsStale() {
    ask();
    pass(ProofTimes.DEFAULT.ahead());
    ask();
    ask();
    assertThat(background).hasSize(1);
    runBackground();
    assertThat(searches).hasValue(2);

    // Fresh again from the refresh on.
    pass(Duration.ofMinutes(3));
    assertThat(ask()).isEqualTo(MET);
    assertThat(searches).hasValue(2);
  }

  @Test
  void forgetsWhatARefreshDoesNotFindAnyMore() {
    ask();
    pass(ProofTimes.DEFAULT.ahead());
    answer = UNMET;
    ask();
    runBackground();

    assertThat(proofs.known(KEY)).isEmpty();
    assertThat(ask()).isEqualTo(UNMET);
  }

  @Test
  void outlivesAnOutageForABoundedTime() {
    ask();
    answer = AWAY;
    pass(ProofTimes.DEFAULT.fresh());
    // The first to ask finds out that the registry is away, and is answered from the proof.
    assertThat(ask()).isEqualTo(MET);
    assertThat(searches).hasValue(2);
    // The next ones need not find out the same.
    assertThat(ask()).isEqualTo(MET);
    assertThat(searches).hasValue(2);
    assertThat(gets("stale")).isEqualTo(2);

    pass(ProofTimes.DEFAULT.stale());
    assertThat(ask()).isEqualTo(AWAY);
  }

  @Test
  void looksNowAndThenWhetherAnOutageIsOver() {
    ask();
    answer = AWAY;
    pass(ProofTimes.DEFAULT.fresh());
    ask();
    pass(ProofTimes.DEFAULT.retry());
    ask();
    assertThat(background).hasSize(1);
    answer = UNMET;
    runBackground();

    // What was signed before the outage is not any more.
    assertThat(ask()).isEqualTo(UNMET);
  }

  @Test
  void knowsNothingToFallBackToWhereNothingWasProven() {
    answer = AWAY;

    assertThat(ask()).isEqualTo(AWAY);
    assertThat(ask()).isEqualTo(AWAY);
    assertThat(searches).hasValue(2);
  }

  @Test
  void survivesABugInARefresh() {
    Supplier<Outcome.Checked> now = this::search;
    proofs.prove(
        KEY,
        soon(),
        now,
        (_, _) -> {
          throw new IllegalStateException("a bug");
        });
    pass(ProofTimes.DEFAULT.ahead());
    assertThat(proofs.known(KEY)).contains(MET);
    runBackground();
    // It may try again, and the proof is believed for as long as it would be without.
    assertThat(proofs.known(KEY)).contains(MET);
    assertThat(background).hasSize(1);
    pass(Duration.ofMinutes(1));
    assertThat(proofs.known(KEY)).isEmpty();
  }

  /// Twenty pods of one Deployment ask at once; the registry is asked once.
  @Test
  void searchesOnceForAllWhoAskAtTheSameTime() throws Exception {
    var searching = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  proofs.prove(
                      KEY,
                      soon(),
                      () -> {
                        searching.countDown();
                        await(goOn);
                        return search();
                      },
                      (_, _) -> search()));
      await(searching);
      var second =
          threads.submit(() -> proofs.prove(KEY, soon(), this::search, (_, _) -> search()));
      var impatient =
          threads.submit(
              () -> proofs.prove(KEY, Deadline.in(Duration.ZERO), () -> AWAY, (_, _) -> search()));
      // Whoever has no time does not wait for the others.
      assertThat(impatient.get(60, TimeUnit.SECONDS)).isEqualTo(AWAY);
      goOn.countDown();
      assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(MET);
      assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(MET);
    }
    assertThat(searches.get()).isBetween(1, 2);
  }

  @Test
  void letsNobodyWaitForASearchThatBrokeOff() throws Exception {
    var searching = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  proofs.prove(
                      KEY,
                      soon(),
                      () -> {
                        searching.countDown();
                        await(goOn);
                        throw new IllegalStateException("a bug");
                      },
                      (_, _) -> search()));
      await(searching);
      var second =
          threads.submit(() -> proofs.prove(KEY, soon(), this::search, (_, _) -> search()));
      goOn.countDown();
      assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(MET);
      assertThat(first).failsWithin(Duration.ofMinutes(1));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private double gets(String result) {
    return meters.get("referee.cache.gets").tag("result", result).counter().count();
  }
}
