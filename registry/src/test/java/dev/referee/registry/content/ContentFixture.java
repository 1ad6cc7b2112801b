package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The content over a store, and the steps that clients take.
final class ContentFixture {
  static final RepositoryName REPOSITORY = new RepositoryName("shop/cart");

  static final UploadScope SCOPE = new UploadScope(REPOSITORY, "user:tester");

  private static final MediaType LAYER = MediaType.of("application/octet-stream");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryContent content;

  ContentFixture(ObjectStore store) {
    this(store, InstantSource.system(), UploadLimits.DEFAULT);
  }

  ContentFixture(ObjectStore store, InstantSource clock, UploadLimits limits) {
    this(store, clock, limits, SparseManifests.INDEXES);
  }

  ContentFixture(
      ObjectStore store, InstantSource clock, UploadLimits limits, SparseManifests sparse) {
    this.content = RegistryContent.over(store, clock, limits, sparse);
  }

  RegistryContent content() {
    return content;
  }

  Descriptor pushBlob(String text) throws IOException {
    return pushBlob(REPOSITORY, text);
  }

  Descriptor pushBlob(RepositoryName repository, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    var digest = Digest.of(bytes);
    content
        .uploads()
        .single(
            new UploadScope(repository, SCOPE.caller()), new ByteArrayInputStream(bytes), digest);
    return new Descriptor(LAYER, digest, bytes.length);
  }

  Descriptor push(TestManifest manifest, String... tags) throws IOException {
    return push(REPOSITORY, manifest, tags);
  }

  Descriptor push(RepositoryName repository, TestManifest manifest, String... tags)
      throws IOException {
    content
        .manifests()
        .put(
            repository,
            manifest.digest(),
            Manifest.parse(manifest.bytes(), manifest.mediaType()),
            manifest.bytes(),
            List.of(tags),
            TagCondition.ALWAYS);
    return manifest.descriptor();
  }

  boolean has(Digest manifest) throws IOException {
    return content.manifests().byDigest(REPOSITORY, manifest).isPresent();
  }

  List<Digest> referrers(Digest subject) throws IOException {
    return digests(content.referrers().page(REPOSITORY, subject, Set.of(), null));
  }

  static List<Digest> digests(ReferrersPage page) throws IOException {
    var digests = new ArrayList<Digest>();
    for (var entry : JSON.readTree(page.body()).path("manifests")) {
      digests.add(Digest.parse(entry.path("digest").asText()));
    }
    return digests;
  }
}
