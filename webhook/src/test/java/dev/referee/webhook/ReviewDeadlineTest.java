package dev.referee.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewDeadlineTest {
  /// Always a little earlier than the API server's patience, never never.
  @ParameterizedTest
  @CsvSource({
    "10s, 9500",
    "30s, 29500",
    "1s, 750",
    "500ms, 375",
    "1m0s, 29500",
    "0s, 29500",
    ", 9500",
    "nonsense, 9500",
    "-5s, 9500",
    "99999999999s, 9500",
  })
  void answersBeforeTheApiServerGivesUp(@Nullable String timeout, long millis) {
    assertThat(ReviewDeadline.budget(timeout)).isEqualTo(Duration.ofMillis(millis));
  }
}
