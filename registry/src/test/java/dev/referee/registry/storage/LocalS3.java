package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.referee.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// An S3 service in memory: as much of its protocol as the store speaks, with requests that fail
/// when a test wants them to. The whole store runs over a real service in e2e.
final class LocalS3 implements AutoCloseable {
  private static final String BUCKET = "registry";

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Stored(byte[] content, Map<String, List<String>> metadata) {
    String etag() {
      return "\"" + Digest.of(content).hex() + "\"";
    }
  }

  private final HttpServer server;
  private final TreeMap<String, Stored> objects = new TreeMap<>();
  private volatile BiPredicate<String, String> refused = (_, _) -> false;

  LocalS3() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  S3ObjectStore open(InstantSource clock) throws StorageException {
    return open(clock, SegmentBuffers.ofHeap());
  }

  S3ObjectStore open(InstantSource clock, MemoryBudget buffers) throws StorageException {
    return S3ObjectStore.open(
        new S3Settings(
            BUCKET,
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "us-east-1",
            "",
            true),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local-secret")),
        clock,
        buffers);
  }

  /// Every key, for tests that look at what is left.
  List<String> keys() {
    synchronized (objects) {
      return List.copyOf(objects.keySet());
    }
  }

  /// Refuses the requests of which this holds, given a method and a key.
  void refuse(BiPredicate<String, String> requests) {
    this.refused = requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var path = exchange.getRequestURI().getPath();
      var key = path.substring(Math.min(path.length(), BUCKET.length() + 2));
      var method = exchange.getRequestMethod();
      if (refused.test(method, key)) {
        respond(exchange, 403, error("AccessDenied"));
        return;
      }
      synchronized (objects) {
        switch (method) {
          case "PUT" -> put(exchange, key, body);
          case "DELETE" -> {
            objects.remove(key);
            respond(exchange, 204, new byte[0]);
          }
          default -> {
            if (key.isEmpty()) {
              list(exchange);
            } else {
              read(exchange, key);
            }
          }
        }
      }
    }
  }

  private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
    var there = objects.get(key);
    var match = exchange.getRequestHeaders().getFirst("If-Match");
    if (match != null && there == null) {
      respond(exchange, 404, error("NoSuchKey"));
    } else if ((match != null && there != null && !match.equals(there.etag()))
        || (exchange.getRequestHeaders().getFirst("If-None-Match") != null && there != null)) {
      respond(exchange, 412, error("PreconditionFailed"));
    } else {
      var metadata = new HashMap<String, List<String>>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> {
                if (name.startsWith("X-amz-meta-")) {
                  metadata.put(name, values);
                }
              });
      var stored = new Stored(body, metadata);
      objects.put(key, stored);
      exchange.getResponseHeaders().set("ETag", stored.etag());
      respond(exchange, 200, new byte[0]);
    }
  }

  private void read(HttpExchange exchange, String key) throws IOException {
    var stored = objects.get(key);
    if (stored == null) {
      respond(exchange, 404, error("NoSuchKey"));
      return;
    }
    exchange.getResponseHeaders().putAll(stored.metadata());
    exchange.getResponseHeaders().set("ETag", stored.etag());
    var range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      respond(exchange, 200, stored.content());
      return;
    }
    int begin = Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
    int length = stored.content().length;
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(begin, length - 1, length));
    respond(exchange, 206, java.util.Arrays.copyOfRange(stored.content(), begin, length));
  }

  private void list(HttpExchange exchange) throws IOException {
    var query = new HashMap<String, String>();
    for (var part : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      var pair = part.split("=", 2);
      query.put(pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], UTF_8));
    }
    var prefix = query.getOrDefault("prefix", "");
    var after = query.getOrDefault("start-after", "");
    int limit = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
    var found =
        objects.tailMap(after, false).keySet().stream()
            .filter(key -> key.startsWith(prefix))
            .limit(limit + 1L)
            .toList();
    var xml = new StringBuilder("<ListBucketResult>");
    xml.append("<IsTruncated>").append(found.size() > limit).append("</IsTruncated>");
    found.stream()
        .limit(limit)
        .forEach(key -> xml.append("<Contents><Key>").append(key).append("</Key></Contents>"));
    respond(exchange, 200, xml.append("</ListBucketResult>").toString().getBytes(UTF_8));
  }

  private static byte[] error(String code) {
    return "<Error><Code>%s</Code><Message>%s</Message></Error>"
        .formatted(code, code)
        .getBytes(UTF_8);
  }

  private static void respond(HttpExchange exchange, int status, byte[] content)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
