package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.registry.content.SparseManifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestIT {
  private static final String OCI = MediaType.OCI_MANIFEST.value();
  private static final String INDEX = MediaType.OCI_INDEX.value();
  private static final Descriptor UNKNOWN =
      Descriptor.of(MediaType.OCI_LAYER_GZIP, "not here".getBytes(UTF_8));

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
  void takesManifestsByTagAndByDigest() throws Exception {
    var manifest = TestManifest.artifact("application/x");

    for (var reference : new String[] {"v1", manifest.digest().toString()}) {
      var answer = registry.put("a/b", reference, manifest).hasStatus(201);
      assertThat(answer.header("Location")).isEqualTo("/v2/a/b/manifests/" + manifest.digest());
      assertThat(answer.header("Docker-Content-Digest")).isEqualTo(manifest.digest().toString());
      assertThat(answer.header("OCI-Subject")).isEmpty();
      assertThat(registry.get(answer.header("Location")).bytes()).isEqualTo(manifest.bytes());
    }
  }

  @Test
  void takesSha512() throws Exception {
    var manifest = TestManifest.artifact("application/x");
    var digest = Digest.of(DigestAlgorithm.SHA512, manifest.bytes());

    registry.push("a", digest.toString(), manifest);

    var answer = registry.get("/v2/a/manifests/" + digest).hasStatus(200);
    assertThat(answer.bytes()).isEqualTo(manifest.bytes());
    assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest.toString());
  }

  @Test
  void takesSeveralTagsAtOnce() throws Exception {
    var manifest = TestManifest.artifact("application/x");

    var answer = registry.put("a", manifest.digest() + "?tag=v1&tag=latest", manifest);

    assertThat(answer.hasStatus(201).response().headers().allValues("OCI-Tag"))
        .containsExactly("v1", "latest");
    registry.get("/v2/a/manifests/latest").hasStatus(200);
    registry
        .put("a", manifest.digest() + "?tag=v1&tag=-x", manifest)
        .refused(400, "MANIFEST_INVALID");
    registry
        .put("a", manifest.digest() + "?" + "tag=x&".repeat(65), manifest)
        .refused(414, "MANIFEST_INVALID");
  }

  @Test
  void movesATag() throws Exception {
    registry.push("a", "latest", TestManifest.artifact("application/one"));
    var second = registry.push("a", "latest", TestManifest.artifact("application/two"));

    assertThat(registry.head("/v2/a/manifests/latest").header("Docker-Content-Digest"))
        .isEqualTo(second.digest().toString());
  }

  @Test
  void tellsThatItKeepsReferrers() throws Exception {
    var image = registry.pushImage("a", "v1");
    var signature = TestManifest.artifact("application/x").subject(image);
    var index = TestManifest.index().subject(image);

    for (var reference : new String[] {"sig", signature.digest().toString()}) {
      assertThat(registry.put("a", reference, signature).hasStatus(201).header("OCI-Subject"))
          .isEqualTo(image.digest().toString());
    }
    assertThat(registry.put("a", "index", index).hasStatus(201).header("OCI-Subject"))
        .isEqualTo(image.digest().toString());
  }

  /// A signature may arrive before what it signs.
  @Test
  void takesSubjectsThatItDoesNotHave() throws Exception {
    var signature = TestManifest.artifact("application/x").subject(UNKNOWN);

    assertThat(registry.put("a", "sig", signature).hasStatus(201).header("OCI-Subject"))
        .isEqualTo(UNKNOWN.digest().toString());
  }

  record Refused(String body, String contentType) {}

  static Stream<Refused> malformed() {
    var config =
        "{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"%s\",\"size\":2}"
            .formatted(Descriptor.EMPTY_JSON.digest());
    var good =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[]}"
            .formatted(OCI, config);
    return Stream.of(
        new Refused("", OCI),
        new Refused("null", OCI),
        new Refused("[]", OCI),
        new Refused("{", OCI),
        new Refused("{}", OCI),
        new Refused(good + "{}", OCI),
        new Refused("\ufeff" + good, OCI),
        new Refused(good.replace("\"schemaVersion\":2", "\"schemaVersion\":1"), OCI),
        new Refused(good.replace("\"layers\":[]", "\"layers\":[null]"), OCI),
        new Refused(good.replace("\"size\":2", "\"size\":-1"), OCI),
        new Refused(good.replace("\"size\":2", "\"size\":2.5"), OCI),
        new Refused(good.replace("sha256:", "md5:"), OCI),
        new Refused(good.replace("}", ",\"subject\":{\"digest\":\"x\"}}"), OCI),
        new Refused(good, "application/json"),
        new Refused(good, "text/plain"),
        new Refused(good, "nonsense"),
        new Refused(good, "application/vnd.docker.distribution.manifest.v2+json"),
        new Refused(good, INDEX),
        new Refused("[".repeat(100_000), OCI),
        new Refused("{\"schemaVersion\":2,\"config\":" + "{\"a\":".repeat(10_000), OCI));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesWhatIsNoManifest(Refused refused) throws Exception {
    registry
        .put("a", "v1", refused.body().getBytes(UTF_8), refused.contentType())
        .refused(400, "MANIFEST_INVALID");
    assertNothingWritten();
  }

  @Test
  void wantsAContentType() throws Exception {
    registry
        .send("PUT", "/v2/a/manifests/v1", TestManifest.artifact("application/x").bytes())
        .refused(400, "MANIFEST_INVALID");
  }

  @Test
  void ignoresParametersOfTheContentType() throws Exception {
    var manifest = TestManifest.artifact("application/x");

    registry.put("a", "v1", manifest.bytes(), OCI + "; charset=utf-8").hasStatus(201);

    assertThat(registry.get("/v2/a/manifests/v1").header("Content-Type")).isEqualTo(OCI);
  }

  @Test
  void refusesAnotherDigest() throws Exception {
    var manifest = TestManifest.artifact("application/x");

    registry.put("a", UNKNOWN.digest().toString(), manifest).refused(400, "DIGEST_INVALID");
    registry.put("a", "sha256:baddigeststring", manifest).refused(400, "DIGEST_INVALID");
    assertNothingWritten();
  }

  @Test
  void refusesMissingConfigsAndLayers() throws Exception {
    registry.put("a", "v1", TestManifest.image(UNKNOWN)).refused(400, "MANIFEST_BLOB_UNKNOWN");
    registry
        .put("a", "v1", TestManifest.image(Descriptor.EMPTY_JSON, UNKNOWN))
        .refused(400, "MANIFEST_BLOB_UNKNOWN");
    assertNothingWritten();

    // Somebody else's blob is missing here, too.
    var elsewhere = registry.pushBlob("b", "content");
    registry.put("a", "v1", TestManifest.image(elsewhere)).refused(400, "MANIFEST_BLOB_UNKNOWN");
    registry.get("/v2/a/tags/list").refused(404, "NAME_UNKNOWN");
  }

  @Test
  void refusesSizesThatAreNotTheBlobs() throws Exception {
    var layer = registry.pushBlob("a", "content");
    var lying = new Descriptor(layer.mediaType(), layer.digest(), layer.size() + 1);

    registry
        .put("a", "v1", TestManifest.image(Descriptor.EMPTY_JSON, lying))
        .refused(400, "SIZE_INVALID");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
      })
  void takesLayersThatAreKeptElsewhere(String mediaType) throws Exception {
    var foreign = new Descriptor(MediaType.of(mediaType), UNKNOWN.digest(), 42);

    registry.push("a", "v1", TestManifest.image(Descriptor.EMPTY_JSON, foreign));
  }

  /// A mirror keeps what its nodes run, under the digest that was signed.
  @Test
  void takesSparseIndexesUnlessTold() throws Exception {
    var child = new Descriptor(MediaType.OCI_MANIFEST, UNKNOWN.digest(), 100);
    registry.push("a", "sparse", TestManifest.index(child));

    registry.close();
    registry = TestRegistry.start(root, config -> config.sparse(SparseManifests.NONE));
    registry
        .put("a", "v2", TestManifest.index(child).with("artifactType", "application/x"))
        .refused(400, "MANIFEST_BLOB_UNKNOWN");
    var present = registry.pushImage("a", "v1");
    var whole = registry.push("a", "whole", TestManifest.index(present));
    registry.push("a", "nested", TestManifest.index(whole, present));
    registry.get("/v2/a/manifests/sparse").hasStatus(200);
  }

  /// Nobody gets content by naming it: neither before anybody has it, nor after.
  @Test
  void takesSparseImagesOnlyWhenTold() throws Exception {
    var layer = Descriptor.of(MediaType.OCI_LAYER_GZIP, "secret".getBytes(UTF_8));
    var image = TestManifest.image(Descriptor.EMPTY_JSON, layer);
    registry.put("a", "v1", image).refused(400, "MANIFEST_BLOB_UNKNOWN");

    registry.close();
    registry = TestRegistry.start(root, config -> config.sparse(SparseManifests.IMAGES));
    registry.push("a", "v1", image);
    registry.push("a", "v2", TestManifest.image(UNKNOWN, layer));
    registry.push("a", "index", TestManifest.index(UNKNOWN));
    registry.pushBlob("b", "secret");
    registry.push("a", "v3", image);

    assertThat(registry.get("/v2/a/manifests/v3").bytes()).isEqualTo(image.bytes());
    registry.get("/v2/a/blobs/" + layer.digest()).refused(404, "BLOB_UNKNOWN");
    registry.pushBlob("a", "secret");
    registry.push("a", "v1", image);
    registry.get("/v2/a/blobs/" + layer.digest()).hasStatus(200);
  }

  @Test
  void takesIndexesOfOtherContent() throws Exception {
    registry.close();
    registry = TestRegistry.start(root, config -> config.sparse(SparseManifests.NONE));
    var blob = registry.pushBlob("a", "any content");

    registry.push("a", "v1", TestManifest.index(blob));
    registry.put("a", "v2", TestManifest.index(UNKNOWN)).refused(400, "MANIFEST_BLOB_UNKNOWN");
  }

  @Test
  void takesDockersTypes() throws Exception {
    var config = registry.pushBlob("a", "{}x");
    var bytes =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{
         "mediaType":"application/vnd.docker.container.image.v1+json","digest":"%s","size":3},
         "layers":[],"subject":{"is":"no subject here"}}
        """
            .formatted(MediaType.DOCKER_MANIFEST, config.digest())
            .getBytes(UTF_8);

    registry.put("a", "v1", bytes, MediaType.DOCKER_MANIFEST.value()).hasStatus(201);

    assertThat(registry.get("/v2/a/manifests/v1").header("Content-Type"))
        .isEqualTo(MediaType.DOCKER_MANIFEST.value());
  }

  /// CVE-2017-11468: the size of a manifest is bounded before it is read.
  @DisplayName("CVE-2017-11468: takes four mebibytes and no more")
  @Test
  void takesFourMebibytesAndNoMore() throws Exception {
    var manifest = withSize(Manifest.MAX_BYTES);
    registry.push("a", "large", manifest);
    assertThat(registry.get("/v2/a/manifests/large").hasStatus(200).bytes())
        .isEqualTo(manifest.bytes());

    registry.put("a", "v2", withSize(Manifest.MAX_BYTES + 1)).refused(413, "SIZE_INVALID");
    var endless =
        registry.raw(
            "PUT /v2/a/manifests/v2 HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\n".formatted(OCI)
                + "Content-Length: 99999999999\r\nConnection: close\r\n\r\n");
    assertThat(endless).startsWith("HTTP/1.1 413").contains("SIZE_INVALID");
    registry.get("/v2/a/manifests/v2").refused(404, "MANIFEST_UNKNOWN");
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 1_000_000})
  void keepsManifestsOfEverySize(int size) throws Exception {
    var manifest = withSize(size);
    registry.push("a", "v1", manifest);
    // Once more: nothing changes.
    registry.push("a", "v2", manifest);

    registry.close();
    registry = TestRegistry.start(root);
    assertThat(registry.get("/v2/a/manifests/v2").hasStatus(200).bytes())
        .isEqualTo(manifest.bytes());
    registry.delete("/v2/a/manifests/" + manifest.digest()).hasStatus(202);
    registry.get("/v2/a/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
  }

  @Test
  void refusesManifestsThatNameTooMuch() throws Exception {
    var children = new Descriptor[4097];
    java.util.Arrays.setAll(
        children, i -> Descriptor.of(MediaType.OCI_MANIFEST, String.valueOf(i).getBytes(UTF_8)));

    registry.put("a", "v1", TestManifest.index(children)).refused(400, "MANIFEST_INVALID");
    assertNothingWritten();
  }

  /// What was deleted under a manifest is needed again when it is pushed again.
  @Test
  void looksAgainWhenAManifestIsPushedAgain() throws Exception {
    var layer = registry.pushBlob("a", "layer");
    var image = TestManifest.image(Descriptor.EMPTY_JSON, layer);
    registry.push("a", "v1", image);
    registry.delete("/v2/a/blobs/" + layer.digest()).hasStatus(202);

    registry.put("a", "v1", image).refused(400, "MANIFEST_BLOB_UNKNOWN");

    registry.pushBlob("a", "layer");
    registry.push("a", "v1", image);
  }

  private static TestManifest withSize(int size) {
    int bare = TestManifest.artifact("application/x").annotations(Map.of("pad", "")).bytes().length;
    return TestManifest.artifact("application/x")
        .annotations(Map.of("pad", "x".repeat(size - bare)));
  }

  private void assertNothingWritten() throws IOException {
    try (var files = Files.walk(root)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .filter(file -> !file.startsWith(root.resolve("lock"))))
          .isEmpty();
    }
  }
}
