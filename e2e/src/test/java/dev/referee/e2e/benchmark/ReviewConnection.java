package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.testing.AdmissionReviews;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One connection of an API server to the webhook, kept alive. It costs the machine as little as a
/// client can, so that what is measured is the server.
final class ReviewConnection implements AutoCloseable {
  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String head;

  ReviewConnection(SSLSocketFactory factory, URI webhook, String path) throws IOException {
    socket = (SSLSocket) factory.createSocket(webhook.getHost(), webhook.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    out = socket.getOutputStream();
    head =
        "POST %s?timeout=10s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: "
            .formatted(path, webhook.getAuthority());
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
    var status = line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("the webhook answered " + status);
    }
    for (var header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    if (length < 0) {
      throw new IOException("the answer has no length");
    }
    return new String(in.readNBytes(length), UTF_8);
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
