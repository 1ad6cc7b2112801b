package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// Moments as Kubernetes writes them (`metav1.Time`, RFC 3339): `2026-12-31T23:59:59Z`.
final class Rfc3339 extends StdScalarDeserializer<Instant> {
  private static final long serialVersionUID = 1L;

  /// With nanoseconds and an offset.
  private static final int MAX_CHARS = 40;

  private static final String FORM = "not a time such as 2026-12-31T23:59:59Z";

  Rfc3339() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var text = parser.getText();
    if (!parser.hasToken(JsonToken.VALUE_STRING) || text.length() > MAX_CHARS) {
      throw context.weirdStringException(text, Instant.class, FORM);
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw context.weirdStringException(text, Instant.class, FORM);
    }
  }
}
