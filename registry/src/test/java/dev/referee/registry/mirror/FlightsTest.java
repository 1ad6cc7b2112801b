package dev.referee.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlightsTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Flights flights = new Flights(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void close() {
    released.countDown();
    flights.close();
  }

  @Test
  void equalWorkIsDoneOnceAndToItsEnd() throws Exception {
    var first = flights.begin("a", this::untilReleased);
    var second = flights.begin("a", this::untilReleased);

    assertThat(second).isSameAs(first);
    assertThatThrownBy(() -> Flights.await(first, Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("still sending");
    released.countDown();
    Flights.await(first, LONG);
    assertThat(runs).hasValue(1);

    Flights.await(flights.begin("a", this::untilReleased), LONG);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aBoundedNumberIsUnderWay() throws Exception {
    var first = flights.begin("a", this::untilReleased);

    assertThatThrownBy(() -> Flights.await(flights.begin("b", this::untilReleased), LONG))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("too much");

    released.countDown();
    Flights.await(first, LONG);
    Flights.await(flights.begin("b", this::untilReleased), LONG);
    assertThat(runs).hasValue(2);
  }

  @Test
  void whatFailsFailsForEverybody() {
    var refusal = new RegistryException(ErrorCode.UNAVAILABLE, "down");
    var refused =
        flights.begin(
            "a",
            () -> {
              throw refusal;
            });

    assertThatThrownBy(() -> Flights.await(refused, LONG)).isSameAs(refusal);

    var broken =
        flights.begin(
            "b",
            () -> {
              throw new IllegalArgumentException("a bug");
            });
    assertThatThrownBy(() -> Flights.await(broken, LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a bug");
  }

  @Test
  void whoeverIsStoppedWaitsNoLonger() {
    var first = flights.begin("a", this::untilReleased);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Flights.await(first, LONG)).hasMessageContaining("stopping");
    assertThat(Thread.interrupted()).isTrue();
  }

  private void untilReleased() {
    runs.incrementAndGet();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
