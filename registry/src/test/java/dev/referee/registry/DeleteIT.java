package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeleteIT {
  @TempDir Path root;
  private TestRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(root);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void takesTheTagsOfADeletedManifestWithIt() throws Exception {
    var gone = registry.push("a", "v1", TestManifest.artifact("application/gone"));
    registry.push("a", "latest", TestManifest.artifact("application/gone"));
    registry.push("a", "other", TestManifest.artifact("application/stays"));
    registry.push("a/b", "v1", TestManifest.artifact("application/gone"));

    registry.delete("/v2/a/manifests/" + gone.digest()).hasStatus(202);

    for (var reference : new String[] {"v1", "latest", gone.digest().toString()}) {
      registry.get("/v2/a/manifests/" + reference).refused(404, "MANIFEST_UNKNOWN");
    }
    assertThat(registry.get("/v2/a/tags/list").json().path("tags")).hasSize(1);
    registry.get("/v2/a/manifests/other").hasStatus(200);
    registry.get("/v2/a/b/manifests/v1").hasStatus(200);
    registry.delete("/v2/a/manifests/" + gone.digest()).refused(404, "MANIFEST_UNKNOWN");
    // A tag does not come back with the manifest.
    registry.push("a", TestManifest.artifact("application/gone"));
    registry.get("/v2/a/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
  }

  @Test
  void takesABlobFromOneRepositoryOnly() throws Exception {
    var blob = registry.pushBlob("a", "content");
    registry.pushBlob("b", "content");
    registry.pushBlob("a/b", "content");

    registry.delete("/v2/a/blobs/" + blob.digest()).hasStatus(202);

    registry.get("/v2/a/blobs/" + blob.digest()).refused(404, "BLOB_UNKNOWN");
    registry.head("/v2/a/blobs/" + blob.digest()).hasStatus(404);
    registry.delete("/v2/a/blobs/" + blob.digest()).refused(404, "BLOB_UNKNOWN");
    registry.get("/v2/b/blobs/" + blob.digest()).hasStatus(200);
    registry.get("/v2/a/b/blobs/" + blob.digest()).hasStatus(200);
    registry.pushBlob("a", "content");
    registry.get("/v2/a/blobs/" + blob.digest()).hasStatus(200);
  }

  @Test
  void takesEveryLinkOfABlob() throws Exception {
    var blob = registry.pushBlob("a", "content");
    registry.pushBlob("a", "content");
    registry.push("a", "v1", TestManifest.image(blob));

    registry.delete("/v2/a/blobs/" + blob.digest()).hasStatus(202);

    registry.get("/v2/a/blobs/" + blob.digest()).refused(404, "BLOB_UNKNOWN");
  }

  @Test
  void knowsNothingOfOthersContent() throws Exception {
    var digest = Digest.of(new byte[] {1});

    registry.delete("/v2/a/blobs/" + digest).refused(404, "BLOB_UNKNOWN");
    registry.delete("/v2/a/manifests/" + digest).refused(404, "MANIFEST_UNKNOWN");
    registry.delete("/v2/a/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
  }
}
