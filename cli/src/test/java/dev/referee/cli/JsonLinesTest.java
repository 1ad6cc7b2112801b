package dev.referee.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoggerContext context = new LoggerContext();

  @Test
  void writesOneObjectOnOneLine() throws IOException {
    var line = encode(event("two\nlines of \"{}\"", null, Map.of("uid", "705ab4f5")));

    assertThat(line).endsWith("}\n").hasLineCount(1);
    var read = JSON.readTree(line);
    assertThat(read.path("time").asText()).isEqualTo("2026-01-02T03:04:05.600Z");
    assertThat(read.path("level").asText()).isEqualTo("WARN");
    assertThat(read.path("logger").asText()).isEqualTo("dev.referee.Some");
    assertThat(read.path("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(read.path("message").asText()).isEqualTo("two\nlines of \"all\"");
    assertThat(read.path("uid").asText()).isEqualTo("705ab4f5");
    assertThat(read.has("exception")).isFalse();
  }

  @Test
  void keepsTheStackOfAnExceptionOnTheLine() throws IOException {
    var cause = new IOException("the disk is full");
    var line = encode(event("it failed", new IllegalStateException("no", cause), Map.of()));

    assertThat(line).hasLineCount(1);
    assertThat(read(line).path("exception").asText())
        .startsWith("java.lang.IllegalStateException: no")
        .contains("Caused by: java.io.IOException: the disk is full");
  }

  @Test
  void writesTheFieldsOfALine() throws IOException {
    var event = event("GET /v2/ 200", null, Map.of("uid", "mine"));
    event.addKeyValuePair(new KeyValuePair("status", 200));
    event.addKeyValuePair(new KeyValuePair("path", "/v2/"));
    event.addKeyValuePair(new KeyValuePair("message", "forged"));
    event.addKeyValuePair(new KeyValuePair("uid", "forged"));

    var line = encode(event);

    assertThat(line).doesNotContain("forged");
    assertThat(read(line).path("status").isInt()).isTrue();
    assertThat(read(line).path("path").asText()).isEqualTo("/v2/");
    assertThat(read(line).path("uid").asText()).isEqualTo("mine");
  }

  /// Somebody who may choose a value must not choose what the line says.
  @Test
  void letsNoContextHideAField() throws IOException {
    var line = encode(event("true", null, Map.of("message", "forged", "level", "INFO")));

    assertThat(line).doesNotContain("forged");
    assertThat(read(line).path("level").asText()).isEqualTo("WARN");
  }

  private static JsonNode read(String line) throws IOException {
    return JSON.readTree(line);
  }

  private static String encode(ILoggingEvent event) {
    return new String(new JsonLines().encode(event), UTF_8);
  }

  private LoggingEvent event(
      String message, @Nullable Throwable thrown, Map<String, String> contextOfReview) {
    var event =
        new LoggingEvent(
            JsonLinesTest.class.getName(),
            context.getLogger("dev.referee.Some"),
            Level.WARN,
            message,
            thrown,
            new Object[] {"all"});
    event.setInstant(Instant.parse("2026-01-02T03:04:05.600Z"));
    event.setMDCPropertyMap(contextOfReview);
    return event;
  }
}
