package dev.referee.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A client without manners: sends exactly what a test writes, and reads responses as they come.
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawClient(URI server) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  record Response(int status, List<String> headers, String body) {
    boolean has(String header) {
      return headers.stream()
          .anyMatch(line -> line.toLowerCase(Locale.ROOT).equals(header.toLowerCase(Locale.ROOT)));
    }
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /// A request with lines ended as HTTP wants, and a blank one at the end.
  RawClient request(String... lines) throws IOException {
    return send(String.join("\r\n", lines) + "\r\n\r\n");
  }

  /// The next response; its body by its Content-Length.
  Response response() throws IOException {
    var status = line();
    var headers = new ArrayList<String>();
    int length = 0;
    for (var line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    var body = new String(in.readNBytes(length), ISO_8859_1);
    return new Response(Integer.parseInt(status.substring(9, 12)), headers, body);
  }

  /// The next response to a HEAD request.
  Response headResponse() throws IOException {
    var status = line();
    var headers = new ArrayList<String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    return new Response(Integer.parseInt(status.substring(9, 12)), headers, "");
  }

  /// Whether the server has closed, or reset, the connection; waits until something happens.
  boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /// Closes with a reset instead of a farewell.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed after \"%s\"".formatted(line));
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
