package dev.referee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Throttle throttle = new Throttle(new RequestRate(10, 3), nanos::get);

  private Duration take() throws SourceException {
    return throttle.take(Deadline.in(Duration.ofMinutes(1)));
  }

  @Test
  void letsABurstThroughAndThenOneAtATime() throws SourceException {
    assertThat(take()).isZero();
    assertThat(take()).isZero();
    assertThat(take()).isZero();
    assertThat(take()).isEqualTo(Duration.ofMillis(100));
    assertThat(take()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void keepsNoMoreThanABurstForLater() throws SourceException {
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    assertThat(take()).isZero();
    assertThat(take()).isZero();
    assertThat(take()).isZero();
    assertThat(take()).isEqualTo(Duration.ofMillis(100));
  }

  /// A burst of whoever gives up anyway must not take the time of those who wait.
  @Test
  void takesNoTimeFromOthersForARequestThatWouldBeLate() throws SourceException {
    for (int i = 0; i < 3; i++) {
      take();
    }
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> throttle.take(Deadline.in(Duration.ZERO)))
          .isInstanceOfSatisfying(
              SourceException.class, e -> assertThat(e.reason()).isEqualTo(SourceReason.TIMEOUT));
    }
    assertThat(take()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void refusesARateThatLetsNothingThrough() {
    assertThatThrownBy(() -> new RequestRate(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RequestRate(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
