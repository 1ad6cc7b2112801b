package dev.referee.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line a request, for whoever turns the logger `dev.referee.access` to DEBUG, with its parts
/// as fields beside it. Queries and headers stay out: they may carry secrets.
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.referee.access");

  /// A line stays a line, whatever somebody requests.
  private static final int MAX_PATH_CHARS = 300;

  private AccessLog() {}

  static void write(Exchange exchange, long beganNanos) {
    if (LOG.isDebugEnabled()) {
      var client = exchange.remoteAddress().getHostString();
      var method = printable(exchange.method());
      var path = printable(exchange.path());
      int status = exchange.status();
      long bytes = exchange.bytesSent();
      long micros = (System.nanoTime() - beganNanos) / 1000;
      LOG.atDebug()
          .addKeyValue("client", client)
          .addKeyValue("method", method)
          .addKeyValue("path", path)
          .addKeyValue("status", status)
          .addKeyValue("bytes", bytes)
          .addKeyValue("micros", micros)
          .log("{} {} {} {} {} {}us", client, method, path, status, bytes, micros);
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
