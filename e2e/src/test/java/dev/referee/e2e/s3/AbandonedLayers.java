package dev.referee.e2e.s3;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.registry.Registry;
import dev.referee.registry.RegistryConfig;
import dev.referee.registry.RegistryStorage;
import dev.referee.server.ListenAddress;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/// What somebody pushed to a bucket an hour ago and never used, so that collectors of registries
/// over the same bucket take away its link and, unless somebody else links it in time, its content.
public final class AbandonedLayers implements AutoCloseable {
  /// Longer than the least grace, shorter than any upload is kept.
  private static final Duration AGE = Duration.ofHours(1);

  /// Long, because the machine may be busy; nothing waits longer than it must.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Registry past;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Digest> layers = new ConcurrentLinkedQueue<>();

  private AbandonedLayers(Registry past) {
    this.past = requireNonNull(past, "past is null");
  }

  /// Somebody whose clock is behind, in the part of the bucket that has this prefix.
  public static AbandonedLayers in(S3Service service, String prefix) throws IOException {
    // Which folder it would be does not matter: the store is given.
    var unused = new RegistryStorage.Folder(Path.of("unused"));
    InstantSource clock = () -> InstantSource.system().instant().minus(AGE);
    var config = RegistryConfig.of(unused, new ListenAddress("127.0.0.1", 0)).clock(clock).build();
    return new AbandonedLayers(Registry.start(config, service.open(prefix)));
  }

  /// Pushes a layer to a repository where no manifest will ever name it.
  public void push(byte[] layer) throws IOException, InterruptedException {
    var digest = Digest.of(layer);
    var request =
        HttpRequest.newBuilder(past.uri().resolve("/v2/old/blobs/uploads/?digest=" + digest))
            .POST(BodyPublishers.ofByteArray(layer))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    layers.add(digest);
  }

  public int size() {
    return layers.size();
  }

  /// Waits until collectors have taken away all of them.
  public void awaitCollected() {
    for (var layer : layers) {
      Awaitility.await().atMost(PATIENCE).until(() -> status(layer) == 404);
    }
  }

  private int status(Digest layer) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(past.uri().resolve("/v2/old/blobs/" + layer))
            .method("HEAD", BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() {
    client.close();
    past.close();
  }
}
