package dev.referee.server;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The `Date` header (RFC 9110 section 6.6.1), formatted once a second.
final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private record Formatted(long second, String text) {}

  private volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

  String now() {
    long second = System.currentTimeMillis() / 1000;
    var formatted = last;
    if (formatted.second != second) {
      formatted = new Formatted(second, IMF_FIXDATE.format(Instant.ofEpochSecond(second)));
      last = formatted;
    }
    return formatted.text;
  }
}
