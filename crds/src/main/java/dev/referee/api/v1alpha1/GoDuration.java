package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Kubernetes writes them (`metav1.Duration`, Go's `time.ParseDuration`): `3s`,
/// `1m30s`, `500ms`. Whole numbers, no signs, no fractions.
final class GoDuration extends StdScalarDeserializer<Duration> {
  private static final long serialVersionUID = 1L;
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  GoDuration() {
    super(Duration.class);
  }

  static Duration parse(String text) {
    Specs.check(!text.isEmpty() && text.length() <= 16, "not a duration such as 3s");
    var total = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int end = 0;
    while (end < text.length()) {
      Specs.check(
          part.find(end) && part.start() == end,
          "\"%s\" is not a duration such as 3s".formatted(text));
      long number = Long.parseLong(part.group(1));
      total =
          total.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              });
      end = part.end();
    }
    return total;
  }

  @Override
  public Duration deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      throw context.weirdStringException(
          parser.getText(), Duration.class, "not a duration such as 3s");
    }
    try {
      return parse(parser.getText());
    } catch (IllegalArgumentException e) {
      throw context.weirdStringException(parser.getText(), Duration.class, e.getMessage());
    }
  }
}
