package dev.referee.operator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 600, 604_800})
  void comesOnceAnInterval(int seconds) {
    var schedule = new Schedule(Duration.ofSeconds(seconds));
    for (int i = 0; i < 1000; i++) {
      var uid = new UUID(7, i).toString();

      var next = schedule.next(uid, NOW);

      assertThat(next).isAfter(NOW).isBeforeOrEqualTo(NOW.plusSeconds(seconds));
      assertThat(schedule.next(uid, next)).isEqualTo(next.plusSeconds(seconds));
      assertThat(schedule.next(uid, next.minusMillis(1))).isEqualTo(next);
    }
  }

  /// Ten thousand workloads that were all verified at once are no wave an hour later.
  @Test
  void spreadsOverTheInterval() {
    var schedule = new Schedule(HOUR);
    var byMinute = new int[60];
    IntStream.range(0, 10_000)
        .mapToObj(i -> new UUID(0x4711, i).toString())
        .map(uid -> schedule.next(uid, NOW))
        .forEach(next -> byMinute[(int) (Duration.between(NOW, next).toSeconds() % 3600 / 60)]++);

    // 167 each on average; six standard deviations are 77.
    assertThat(IntStream.of(byMinute).boxed()).allMatch(count -> count > 90 && count < 244);
  }

  @Test
  void asksSoonerForWhatWasNotFoundOut() {
    assertThat(new Schedule(HOUR).retry(NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    assertThat(new Schedule(Duration.ofMinutes(2)).retry(NOW))
        .isEqualTo(NOW.plus(Duration.ofMinutes(1)));
  }
}
