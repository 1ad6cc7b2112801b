package dev.referee.verify.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @Test
  void startsNoMoreThanAFewWhereTheFirstResultIsEnough() {
    var started = new ConcurrentLinkedQueue<Integer>();
    try (var race =
        Race.start(
            HUNDRED,
            Deadline.in(LONG),
            LONG,
            element -> {
              started.add(element);
              return element;
            })) {
      assertThat(race.next()).isPresent();
      assertThat(race.isUnfinished()).isTrue();
    }
    assertThat(started).isSubsetOf(0, 1, 2, 3);
  }

  @Test
  void handsOutEveryResultOnceWhereNoneIsEnough() {
    var results = new ArrayList<Integer>();
    try (var race = Race.start(HUNDRED, Deadline.in(LONG), LONG, element -> element)) {
      for (var next = race.next(); next.isPresent(); next = race.next()) {
        results.add(next.get());
      }
      assertThat(race.isUnfinished()).isFalse();
    }
    assertThat(results).containsExactlyInAnyOrderElementsOf(HUNDRED);
  }

  /// A registry far away, or one referrer that never comes, must not make a line of the others.
  @Test
  void hasEverythingUnderWayBeforeLong() {
    var all = new CountDownLatch(HUNDRED.size());
    try (var race =
        Race.start(
            HUNDRED,
            Deadline.in(LONG),
            Duration.ofNanos(1),
            element -> {
              all.countDown();
              await(all);
              return element;
            })) {
      assertThat(race.next()).isPresent();
      assertThat(all.getCount()).isZero();
    }
  }

  @Test
  void isUnfinishedWhenTimeHasPassed() {
    var never = new CountDownLatch(1);
    try (var race =
        Race.start(
            HUNDRED,
            Deadline.in(Duration.ZERO),
            LONG,
            element -> {
              await(never);
              return element;
            })) {
      assertThat(race.next()).isEmpty();
      assertThat(race.isUnfinished()).isTrue();
    }
  }

  @Test
  void tellsOfABug() {
    try (var race =
        Race.start(
            List.of(1),
            Deadline.in(LONG),
            element -> {
              throw new IllegalArgumentException("bug " + element);
            })) {
      assertThatThrownBy(race::next).hasRootCauseMessage("bug 1");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
