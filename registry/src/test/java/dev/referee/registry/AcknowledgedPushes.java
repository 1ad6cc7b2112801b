package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Images, each with something that refers to it, that are pushed to registries which die: what was
/// acknowledged is remembered, and looked for in the end.
public final class AcknowledgedPushes implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MediaType LAYER = MediaType.of("application/octet-stream");
  private static final String REPOSITORY = "/v2/a/";

  /// A push that met a collector is done again; whoever needs more has lost something.
  private static final int ATTEMPTS = 5;

  private record Pushed(Descriptor subject, Descriptor referrer, Digest layer) {}

  /// What happens to the bytes of a layer before it is pushed.
  @FunctionalInterface
  public interface Preparation {
    void of(byte[] layer) throws IOException, InterruptedException;
  }

  private final HttpClient client;
  private final @Nullable String authorization;
  private final Preparation preparation;
  private final Queue<Pushed> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger names = new AtomicInteger();

  /// Whoever asks for no credentials, in plain HTTP.
  public AcknowledgedPushes(Preparation preparation) {
    this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), null, preparation);
  }

  /// @param client closed at the end
  /// @param authorization the value of that header; null for none
  public AcknowledgedPushes(
      HttpClient client, @Nullable String authorization, Preparation preparation) {
    this.client = requireNonNull(client, "client is null");
    this.authorization = authorization;
    this.preparation = requireNonNull(preparation, "preparation is null");
  }

  /// How many images were acknowledged.
  public int size() {
    return acknowledged.size();
  }

  /// Pushes one image after the other, until the registry is gone or somebody says that it is
  /// enough.
  public void pushUntilGone(URI registry, BooleanSupplier enough) throws InterruptedException {
    try {
      while (!enough.getAsBoolean()) {
        acknowledged.add(push(registry));
      }
    } catch (IOException e) {
      // Killed, as it should be.
    }
  }

  private Pushed push(URI registry) throws IOException, InterruptedException {
    int name = names.incrementAndGet();
    var layer = ("layer " + name).repeat(2000).getBytes(UTF_8);
    preparation.of(layer);
    var subject = TestManifest.image(Descriptor.EMPTY_JSON, Descriptor.of(LAYER, layer));
    push(registry, layer, subject, "t" + name);
    var referrer = TestManifest.artifact("application/sig-" + name).subject(subject.descriptor());
    created(put(registry, referrer, referrer.digest().toString()));
    return new Pushed(subject.descriptor(), referrer.descriptor(), Digest.of(layer));
  }

  /// A layer that a collector is about to remove, because somebody else has given it up, counts as
  /// gone and is sent again.
  private void push(URI registry, byte[] layer, TestManifest subject, String tag)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      var uploads = REPOSITORY + "blobs/uploads/?digest=" + Digest.of(layer);
      created(send(registry, "POST", uploads, layer));
      var answer = put(registry, subject, tag);
      var text = new String(answer.body(), UTF_8);
      if (attempt == ATTEMPTS || !text.contains("MANIFEST_BLOB_UNKNOWN")) {
        created(answer);
        return;
      }
    }
  }

  private HttpResponse<byte[]> put(URI registry, TestManifest manifest, String reference)
      throws IOException, InterruptedException {
    return send(registry, "PUT", REPOSITORY + "manifests/" + reference, manifest.bytes());
  }

  private HttpResponse<byte[]> send(URI registry, String method, String path, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(registry.resolve(path))
            .header("Content-Type", MediaType.OCI_MANIFEST.value())
            .method(method, BodyPublishers.ofByteArray(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static void created(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(201);
  }

  /// Insists that a registry has all that was acknowledged, and nothing half.
  public void assertKept(URI registry) throws IOException, InterruptedException {
    var read = new HashSet<Digest>();
    for (var pushed : acknowledged) {
      get(registry, "manifests/" + pushed.subject().digest());
      get(registry, "manifests/" + pushed.referrer().digest());
      assertReads(registry, pushed.layer());
      read.add(pushed.layer());
      assertThat(referrers(registry, pushed.subject().digest()))
          .containsExactly(pushed.referrer().digest().toString());
    }
    // Whatever a tag points at is whole, acknowledged or not.
    var tags = json(get(registry, "tags/list")).path("tags");
    assertThat(tags).hasSizeGreaterThanOrEqualTo(acknowledged.size());
    for (var tag : tags) {
      for (var layer : json(get(registry, "manifests/" + tag.asText())).path("layers")) {
        var digest = Digest.parse(layer.path("digest").asText());
        if (read.add(digest)) {
          assertReads(registry, digest);
        }
      }
    }
  }

  private void assertReads(URI registry, Digest layer) throws IOException, InterruptedException {
    assertThat(Digest.of(get(registry, "blobs/" + layer))).isEqualTo(layer);
  }

  private Set<String> referrers(URI registry, Digest subject)
      throws IOException, InterruptedException {
    var found = new HashSet<String>();
    json(get(registry, "referrers/" + subject))
        .path("manifests")
        .forEach(entry -> found.add(entry.path("digest").asText()));
    return found;
  }

  private byte[] get(URI registry, String path) throws IOException, InterruptedException {
    var answer = send(registry, "GET", REPOSITORY + path, new byte[0]);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  private static JsonNode json(byte[] bytes) throws IOException {
    return JSON.readTree(bytes);
  }

  @Override
  public void close() {
    client.close();
  }
}
