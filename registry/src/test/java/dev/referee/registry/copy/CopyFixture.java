package dev.referee.registry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.registry.TestManifest;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.content.UploadLimits;
import dev.referee.registry.storage.MemoryObjectStore;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A source of artifacts, a store to bring them to, and what was told on the way.
abstract class CopyFixture {
  static final RepositoryName REPOSITORY = new RepositoryName("mirror/cart");
  static final ObjectMapper JSON = new ObjectMapper();
  static final String WRONG_TYPE = "application/vnd.oci.empty.v1+json";

  @TempDir Path folder;

  final MemoryRepository source = new MemoryRepository();
  final CosignSigner signer = new CosignSigner(SigningKey.p256());
  final Recorded recorded = new Recorded();
  RegistryContent content;

  @BeforeEach
  void open() {
    content = over(SparseManifests.INDEXES);
  }

  void copy(String tag) throws CopyException {
    new ArtifactCopy(CopySource.of(source), target(), recorded).copy(CopyRoot.ofTag(tag));
  }

  StoreTarget target() {
    return new StoreTarget(content, REPOSITORY, "test");
  }

  static RegistryContent over(SparseManifests sparse) {
    return over(new MemoryObjectStore(), sparse);
  }

  static RegistryContent over(ObjectStore store, SparseManifests sparse) {
    return RegistryContent.over(store, InstantSource.system(), UploadLimits.DEFAULT, sparse);
  }

  static void refused(CopyReason reason, ThrowingCallable copy) {
    assertThatThrownBy(copy)
        .isInstanceOfSatisfying(
            CopyException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  Descriptor blob(String text) throws SourceException {
    return source.putBlob(MediaType.of("text/plain"), text.getBytes(UTF_8));
  }

  static Descriptor longer(Descriptor descriptor) {
    return new Descriptor(descriptor.mediaType(), descriptor.digest(), descriptor.size() + 1);
  }

  static Descriptor claimed(Descriptor descriptor, String artifactType) {
    return new Descriptor(
        descriptor.mediaType(),
        descriptor.digest(),
        descriptor.size(),
        artifactType,
        Map.of(),
        null);
  }

  TestManifest artifact(Descriptor subject, Descriptor layer) throws SourceException {
    return TestManifest.image(blob("config"), layer).subject(subject);
  }

  Descriptor push(TestManifest manifest) throws SourceException {
    source.putManifest(manifest.bytes(), manifest.mediaType(), null);
    return manifest.descriptor();
  }

  Digest layerOf(Descriptor manifest) throws IOException {
    var bytes = source.manifest(manifest.digest()).orElseThrow().bytes();
    return Digest.parse(JSON.readTree(bytes).at("/layers/0/digest").asText());
  }

  boolean has(Digest manifest) throws IOException {
    return content.manifests().byDigest(REPOSITORY, manifest).isPresent();
  }

  byte[] bytes(Digest manifest) throws IOException {
    return content.manifests().byDigest(REPOSITORY, manifest).orElseThrow().bytes();
  }

  Digest tag(String tag) throws IOException {
    return content.tags().resolve(REPOSITORY, tag).orElseThrow();
  }

  JsonNode referrersPage(Digest subject) throws IOException {
    return JSON.readTree(content.referrers().page(REPOSITORY, subject, Set.of(), null).body());
  }

  List<Digest> referrers(Digest subject) throws IOException {
    var found = new ArrayList<Digest>();
    for (var entry : referrersPage(subject).path("manifests")) {
      found.add(Digest.parse(entry.path("digest").asText()));
    }
    return found;
  }
}
