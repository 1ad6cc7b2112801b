package dev.referee.server;

import static dev.referee.server.ExchangeReason.CLIENT_GONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One request and its response. Belongs to the thread that handles it.
///
/// Everything that waits for the client blocks the calling thread. A client that is gone shows as
/// an [ExchangeException] with `CLIENT_GONE`.
public final class Exchange {
  /// Responses above this size keep their handler until they are sent, so that clients that do not
  /// read cannot pile up memory.
  private static final int MAX_UNAWAITED_BYTES = 16 << 10;

  private static final int STREAM_PIECE_BYTES = 64 << 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final BodyStream body;
  private final ServerState state;
  private final RequestTarget target;
  private final boolean head;
  private @Nullable Map<String, List<String>> parameters;
  private @Nullable Future<Void> sent;
  private boolean closing;

  /// Takes over a request; called on its event loop.
  Exchange(HttpServerRequest request, ServerState state) {
    this.request = request;
    this.response = request.response();
    this.state = state;
    this.body = BodyStream.of(request, state.bodyPatience());
    this.target = RequestTarget.parse(request.uri());
    this.head = request.method().name().equals("HEAD");
  }

  /// The method, such as `GET`.
  public String method() {
    return request.method().name();
  }

  /// The path as sent: percent-encoding is not decoded, nothing is normalised.
  public String path() {
    return target.path();
  }

  /// The first value of a query parameter, percent-decoded once.
  ///
  /// @throws ExchangeException with `QUERY_MALFORMED` when the query cannot be read
  public @Nullable String query(String name) throws ExchangeException {
    var values = queryAll(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  /// All values of a query parameter, in order.
  ///
  /// @throws ExchangeException with `QUERY_MALFORMED` when the query cannot be read
  public List<String> queryAll(String name) throws ExchangeException {
    if (parameters == null) {
      parameters = target.parameters();
    }
    return parameters.getOrDefault(name, List.of());
  }

  /// The first header of this name.
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  /// All headers of this name, in order.
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  /// Who sent the request: the other end of the connection.
  public InetSocketAddress remoteAddress() {
    var address = request.remoteAddress();
    return new InetSocketAddress(
        InetAddress.ofLiteral(requireNonNull(address.hostAddress())), address.port());
  }

  /// The certificate by which the client proved who it is when it connected: issued for clients by
  /// an authority of [TlsFiles#clients], and in force at that moment. Null without one.
  public @Nullable X509Certificate clientCertificate() {
    var session = request.connection().sslSession();
    if (session == null) {
      return null;
    }
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /// The body's declared length in bytes; 0 without a body, -1 when it is not declared.
  public long bodyLength() {
    return body.length();
  }

  /// The body as a stream that makes the client wait for its reader. A client that asked whether to
  /// send it (`Expect: 100-continue`) is told to when it is first read, so a handler that refuses
  /// first never receives it.
  public InputStream body() {
    return body;
  }

  /// The whole body.
  ///
  /// @throws BodyTooLargeException when it has more bytes; the rest is left unread
  public byte[] body(int maxBytes) throws IOException {
    if (body.length() > maxBytes) {
      throw new BodyTooLargeException(maxBytes);
    }
    var content = body.readNBytes(maxBytes);
    if (content.length == maxBytes && body.read() >= 0) {
      throw new BodyTooLargeException(maxBytes);
    }
    return content;
  }

  /// Sets a response header.
  public Exchange setHeader(String name, String value) {
    response.headers().set(name, value);
    return this;
  }

  /// Adds a response header beside others of its name.
  public Exchange addHeader(String name, String value) {
    response.headers().add(name, value);
    return this;
  }

  /// Responds without content.
  public void respond(int status) {
    begin(status);
    sent = response.end();
  }

  /// Responds with content; to a HEAD request with its length alone.
  public void respond(int status, String contentType, byte[] content) throws ExchangeException {
    if (head) {
      respondHead(status, contentType, content.length);
      return;
    }
    begin(status);
    response.headers().set(HttpHeaders.CONTENT_TYPE, contentType);
    sent = response.end(Buffer.buffer(content));
    if (content.length > MAX_UNAWAITED_BYTES) {
      await(sent);
    }
  }

  /// Responds with a line of text.
  public void respondText(int status, String text) throws ExchangeException {
    respond(status, "text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
  }

  /// Responds to a HEAD request: the headers of content of this length.
  public void respondHead(int status, String contentType, long contentLength) {
    begin(status);
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, contentType)
        .set(HttpHeaders.CONTENT_LENGTH, Long.toString(contentLength));
    sent = response.end();
  }

  /// Responds with a part of a file, straight from the file system to the network where there is no
  /// TLS. The content type is `application/octet-stream` unless a header was set.
  public void respondFile(int status, Path file, long offset, long length) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // Before anything is promised to the client: a short file must never be a short response.
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw new IOException(
            "%s has %d bytes, %d from %d were asked for"
                .formatted(file.getFileName(), channel.size(), length, offset));
      }
      var contentType = response.headers().get(HttpHeaders.CONTENT_TYPE);
      if (head || length == 0) {
        respondHead(status, contentType == null ? "application/octet-stream" : contentType, length);
        return;
      }
      begin(status);
      response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
      sent = response.sendFile(channel, offset, length);
      await(sent);
    }
  }

  /// Responds with exactly this many bytes of a stream. A stream that ends before or fails breaks
  /// the connection, so that the client sees it.
  public void respondStream(int status, String contentType, InputStream content, long length)
      throws IOException {
    if (head || length == 0) {
      respondHead(status, contentType, length);
      return;
    }
    begin(status);
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, contentType)
        .set(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    var piece = new byte[(int) Math.min(STREAM_PIECE_BYTES, length)];
    for (long left = length; left > 0; ) {
      int count = content.readNBytes(piece, 0, (int) Math.min(piece.length, left));
      if (count == 0) {
        throw new IOException("content ended %d bytes before its end".formatted(left));
      }
      await(response.write(Buffer.buffer().appendBytes(piece, 0, count)));
      left -= count;
    }
    sent = response.end();
  }

  /// Whether a response was begun.
  boolean isAnswered() {
    return response.headWritten();
  }

  /// Makes up for what the handler did not do, and leaves the connection ready for the next request
  /// or closed.
  void finish() {
    var last = sent;
    if (last == null || last.failed()) {
      // Nothing, or half a response: the client must not wait for more.
      request.connection().close();
      return;
    }
    if (body.isDone()) {
      return;
    }
    if (closing) {
      // Closing with unread bytes resets the connection, and a reset can overtake the response.
      last.onComplete(
          _ -> {
            body.discardRest(true);
            state.closeSoon(request.connection());
          });
    } else {
      body.discardRest(false);
    }
  }

  /// Forgets what a handler had prepared, before something else is answered.
  void reset() {
    response.headers().clear();
  }

  /// The status that was answered; 200 before.
  public int status() {
    return response.getStatusCode();
  }

  long bytesSent() {
    return response.bytesWritten();
  }

  private void begin(int status) {
    if (response.headWritten()) {
      throw new IllegalStateException("a response was sent already");
    }
    response.setStatusCode(status);
    response.headers().set(HttpHeaders.DATE, state.date());
    closing = !body.isWorthFinishing();
    if (closing || state.isDraining()) {
      response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private static void await(Future<Void> written) throws ExchangeException {
    try {
      written.await();
    } catch (Exception e) {
      throw new ExchangeException(CLIENT_GONE, "the client went away before its response", e);
    }
  }
}
