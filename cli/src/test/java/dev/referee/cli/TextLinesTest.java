package dev.referee.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextLinesTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void writesTimeLevelLoggerAndMessage() {
    var line = encode(Level.INFO, "took {} pieces", null);

    assertThat(line).endsWith(" INFO  Some took all pieces\n").hasLineCount(1);
    var time = line.substring(0, line.indexOf(' '));
    assertThat(time).contains(".600");
    assertThat(OffsetDateTime.parse(time).toInstant())
        .isEqualTo(Instant.parse("2026-01-02T03:04:05.600Z"));
  }

  @Test
  void writesTheStackBelow() {
    var line = encode(Level.ERROR, "it failed: {}", new IOException("the disk is full"));

    assertThat(line.lines().findFirst().orElseThrow()).endsWith(" ERROR Some it failed: all");
    assertThat(line)
        .contains("\njava.io.IOException: the disk is full\n")
        .contains("\tat ")
        .endsWith("\n");
  }

  private String encode(Level level, String message, @Nullable Throwable cause) {
    var event =
        new LoggingEvent(
            "caller",
            context.getLogger("dev.referee.Some"),
            level,
            message,
            cause,
            new Object[] {"all"});
    event.setInstant(Instant.parse("2026-01-02T03:04:05.600Z"));
    return new String(new TextLines().encode(event), UTF_8);
  }
}
