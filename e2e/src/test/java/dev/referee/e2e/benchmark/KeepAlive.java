package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One connection of HTTP/1.1 that stays open, and does so little beside that what is measured is
/// the server.
final class KeepAlive implements AutoCloseable {
  private static final byte[] NOTHING = {};
  private static final int BUFFER_BYTES = 256 << 10;

  /// A list of ten thousand referrers is kept, a blob is only counted.
  private static final int MAX_KEPT = 8 << 20;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  KeepAlive(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    out = socket.getOutputStream();
  }

  /// An answer.
  ///
  /// @param status its status
  /// @param headers by their names in lower case
  /// @param bytes the length of its body, which was read
  /// @param body the body, where it is small
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Answer(int status, Map<String, String> headers, long bytes, byte[] body) {
    Answer expect(int expected) {
      if (status != expected) {
        throw new IllegalStateException(
            "answered %d: %s".formatted(status, new String(body, ISO_8859_1)));
      }
      return this;
    }

    /// The path of the `Location`, without scheme and host.
    String location() {
      var location = headers.getOrDefault("location", "");
      int host = location.indexOf("://");
      return host < 0 ? location : location.substring(location.indexOf('/', host + 3));
    }
  }

  /// What a body comes from.
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  Answer send(String method, String path) throws IOException {
    return send(method, path, "", NOTHING);
  }

  /// @param headers lines that end in CRLF
  Answer send(String method, String path, String headers, byte[] body) throws IOException {
    return send(method, path, headers, body.length, to -> to.write(body));
  }

  Answer send(String method, String path, String headers, long length, Body body)
      throws IOException {
    out.write(
        "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(method, path, headers, length)
            .getBytes(ISO_8859_1));
    body.writeTo(out);
    out.flush();
    return receive(method.equals("HEAD"));
  }

  private Answer receive(boolean head) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
    if (head || status == 204 || status == 304) {
      return new Answer(status, headers, 0, NOTHING);
    }
    if (length <= MAX_KEPT) {
      var body = in.readNBytes((int) length);
      return new Answer(status, headers, body.length, body);
    }
    discard(length);
    return new Answer(status, headers, length, NOTHING);
  }

  /// In large pieces: skipping a socket's stream reads two kilobytes at a time.
  private void discard(long length) throws IOException {
    var piece = new byte[BUFFER_BYTES];
    for (long left = length; left > 0; ) {
      int count = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (count < 0) {
        throw new EOFException("the server closed the connection");
      }
      left -= count;
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
