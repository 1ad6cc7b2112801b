package dev.referee.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line a request, for whoever turns the logger `dev.referee.access` to DEBUG. Queries and
/// headers stay out: they may carry secrets.
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.referee.access");

  /// A line stays a line, whatever somebody requests.
  private static final int MAX_PATH_CHARS = 300;

  private AccessLog() {}

  static void write(Exchange exchange, long beganNanos) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{} {} {} {} {} {}us",
          exchange.remoteAddress().getHostString(),
          exchange.method(),
          printable(exchange.path()),
          exchange.status(),
          exchange.bytesSent(),
          (System.nanoTime() - beganNanos) / 1000);
    }
  }

  static String printable(String path) {
    var line = new StringBuilder();
    for (int i = 0; i < path.length() && i < MAX_PATH_CHARS; i++) {
      char c = path.charAt(i);
      line.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return path.length() > MAX_PATH_CHARS ? line + "..." : line.toString();
  }
}
