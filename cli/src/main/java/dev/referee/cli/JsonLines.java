package dev.referee.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.TreeMap;

/// Writes each event as one JSON object on one line: `time`, `level`, `logger`, `thread`,
/// `message`, what was put into the MDC (`uid`, the review's) or beside the line (an access's
/// `status`) under its own name, and `exception` with its stack.
final class JsonLines extends LineEncoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> FIELDS =
      Set.of("time", "level", "logger", "thread", "message", "exception");

  /// Always with milliseconds: columns stay columns.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  String line(ILoggingEvent event) {
    var line = new StringWriter();
    try (var json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      json.writeStringField("message", event.getFormattedMessage());
      writeContext(json, event);
      writeFields(json, event);
      if (event.getThrowableProxy() != null) {
        json.writeStringField(
            "exception", ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every line", e);
    }
    return line.append('\n').toString();
  }

  /// Numbers as numbers, everything else as text.
  private static void writeFields(JsonGenerator json, ILoggingEvent event) throws IOException {
    var fields = event.getKeyValuePairs();
    if (fields == null) {
      return;
    }
    for (var field : fields) {
      if (FIELDS.contains(field.key) || event.getMDCPropertyMap().containsKey(field.key)) {
        continue;
      }
      if (field.value instanceof Number number) {
        json.writeNumberField(field.key, number.longValue());
      } else {
        json.writeStringField(field.key, String.valueOf(field.value));
      }
    }
  }

  /// In the order of their names; no name may hide one of ours.
  private static void writeContext(JsonGenerator json, ILoggingEvent event) throws IOException {
    for (var entry : new TreeMap<>(event.getMDCPropertyMap()).entrySet()) {
      if (!FIELDS.contains(entry.getKey())) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
    }
  }
}
