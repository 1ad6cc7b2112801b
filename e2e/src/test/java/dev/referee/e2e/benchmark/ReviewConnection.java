package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.testing.AdmissionReviews;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One connection on which JSON is posted, kept alive: of an API server to the webhook, or of a
/// user to the API server. It costs the machine as little as a client can, so that what is measured
/// is the server.
final class ReviewConnection implements AutoCloseable {
  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String head;

  /// @param server whom to ask
  /// @param path with the query
  ReviewConnection(SSLSocketFactory factory, URI server, String path) throws IOException {
    socket = (SSLSocket) factory.createSocket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    out = socket.getOutputStream();
    head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: "
            .formatted(path, server.getAuthority());
  }

  /// A review of a pod with these images.
  static byte[] review(String pod, String... images) {
    return AdmissionReviews.podCreation("shop", pod, images).toString().getBytes(UTF_8);
  }

  /// Asks, and returns the answer.
  String ask(byte[] review) throws IOException {
    var request = new byte[head.length() + 16 + review.length];
    var start = (head + review.length + "\r\n\r\n").getBytes(ISO_8859_1);
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(review, 0, request, start.length, review.length);
    out.write(request, 0, start.length + review.length);
    out.flush();
    return answer();
  }

  private String answer() throws IOException {
    int length = -1;
    boolean chunked = false;
    var status = line();
    for (var header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      } else if (header.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26)) {
        chunked = true;
      }
    }
    if (length < 0 && !chunked) {
      throw new IOException("the answer has no length");
    }
    var body = chunked ? chunks() : new String(in.readNBytes(length), UTF_8);
    if (!status.startsWith("HTTP/1.1 20")) {
      throw new IOException("%s: %s".formatted(status, body));
    }
    return body;
  }

  private String chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
    return body.toString(UTF_8);
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the webhook closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
