package dev.referee.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {
  private static final Duration RETRY = Duration.ofMillis(1);

  /// A thread that is gone would hold the leader's role and do nothing.
  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        AssertionError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class
      })
  void goesOnWhateverFails(Class<? extends Throwable> fault) throws Exception {
    var again = new CountDownLatch(3);
    var clock = InstantSource.fixed(Instant.EPOCH);
    try (var _ =
        Worker.start(
            "test",
            () -> {
              again.countDown();
              if (again.getCount() > 0) {
                fail(fault.getDeclaredConstructor().newInstance());
              }
              return Instant.MAX;
            },
            RETRY,
            clock)) {
      assertThat(again.await(2, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void looksOnceForManyTriggersAndAgainForOneThatComesMeanwhile() throws Exception {
    var looks = new AtomicInteger();
    var first = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var second = new CountDownLatch(2);
    try (var worker =
        Worker.start(
            "test",
            () -> {
              looks.incrementAndGet();
              first.countDown();
              second.countDown();
              go.await();
              return Instant.MAX;
            },
            RETRY,
            InstantSource.fixed(Instant.EPOCH))) {
      assertThat(first.await(2, TimeUnit.MINUTES)).isTrue();
      for (int i = 0; i < 100; i++) {
        worker.trigger();
      }
      go.countDown();

      assertThat(second.await(2, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(looks.get()).isLessThan(100);
  }

  private static void fail(Throwable fault) throws Exception {
    switch (fault) {
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException("neither exception nor error", fault);
    }
  }
}
