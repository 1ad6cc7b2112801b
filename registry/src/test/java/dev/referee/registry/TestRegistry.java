package dev.referee.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.server.ListenAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/// A registry on loopback and a client that says exactly what a test wants said.
public final class TestRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ListenAddress ANY = new ListenAddress("127.0.0.1", 0);
  private static final MediaType LAYER = MediaType.of("application/octet-stream");

  private final Registry registry;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestRegistry(Registry registry) {
    this.registry = registry;
  }

  static TestRegistry start(Path root) throws IOException {
    return start(root, config -> config);
  }

  static TestRegistry start(Path root, UnaryOperator<RegistryConfig.Builder> configure)
      throws IOException {
    return new TestRegistry(Registry.start(configure.apply(RegistryConfig.of(root, ANY)).build()));
  }

  URI uri() {
    return registry.uri();
  }

  /// An answer, with what tests ask of it.
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    byte[] bytes() {
      return response.body();
    }

    String text() {
      return new String(response.body(), UTF_8);
    }

    JsonNode json() throws IOException {
      return JSON.readTree(response.body());
    }

    /// Asserts a refusal in the form of the specification.
    Answer refused(int status, String code) throws IOException {
      assertThat(status()).as(text()).isEqualTo(status);
      assertThat(header("Content-Type")).isEqualTo("application/json");
      assertThat(json().path("errors")).hasSize(1);
      assertThat(json().at("/errors/0/code").asText()).as(text()).isEqualTo(code);
      assertThat(json().at("/errors/0/message").asText()).isNotBlank();
      return this;
    }

    Answer hasStatus(int status) {
      assertThat(status()).as(text()).isEqualTo(status);
      return this;
    }
  }

  /// Sends a request.
  ///
  /// @param path with query, or a `Location`
  /// @param headers names and values in turn
  Answer send(String method, String path, byte[] body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(registry.uri().resolve(path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  Answer get(String path, String... headers) throws Exception {
    return send("GET", path, new byte[0], headers);
  }

  Answer head(String path, String... headers) throws Exception {
    return send("HEAD", path, new byte[0], headers);
  }

  Answer post(String path, String... headers) throws Exception {
    return send("POST", path, new byte[0], headers);
  }

  Answer delete(String path) throws Exception {
    return send("DELETE", path, new byte[0]);
  }

  /// Pushes a blob in one request and describes it.
  Descriptor pushBlob(String repository, String content) throws Exception {
    return pushBlob(repository, content.getBytes(UTF_8));
  }

  Descriptor pushBlob(String repository, byte[] content) throws Exception {
    var descriptor = Descriptor.of(LAYER, content);
    send(
            "POST",
            "/v2/%s/blobs/uploads/?digest=%s".formatted(repository, descriptor.digest()),
            content)
        .hasStatus(201);
    return descriptor;
  }

  Answer put(String repository, String reference, TestManifest manifest) throws Exception {
    return put(repository, reference, manifest.bytes(), manifest.mediaType().value());
  }

  Answer put(String repository, String reference, byte[] manifest, String mediaType)
      throws Exception {
    return send(
        "PUT",
        "/v2/%s/manifests/%s".formatted(repository, reference),
        manifest,
        "Content-Type",
        mediaType);
  }

  /// Pushes a manifest, which must succeed, and describes it.
  Descriptor push(String repository, String reference, TestManifest manifest) throws Exception {
    put(repository, reference, manifest).hasStatus(201);
    return manifest.descriptor();
  }

  Descriptor push(String repository, TestManifest manifest) throws Exception {
    return push(repository, manifest.digest().toString(), manifest);
  }

  /// Pushes a small image of its own content.
  Descriptor pushImage(String repository, String tag) throws Exception {
    var config = pushBlob(repository, "{\"config of\":\"%s\"}".formatted(tag));
    var layer = pushBlob(repository, "layer of " + tag);
    return push(repository, tag, TestManifest.image(config, layer));
  }

  JsonNode referrers(String repository, Digest subject) throws Exception {
    return get("/v2/%s/referrers/%s".formatted(repository, subject)).hasStatus(200).json();
  }

  /// Sends bytes that no client would, and reads until the server closes.
  String raw(String request) throws IOException {
    try (var socket = new Socket(registry.uri().getHost(), registry.uri().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Override
  public void close() {
    client.close();
    registry.close();
  }
}
