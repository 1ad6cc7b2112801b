package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What no client sends unless it means harm: every time one clear refusal in the form of the
/// specification, never a 500, and nothing written. What other tests show already is in ManifestIT
/// (manifests), UploadIT (ranges, digests), TagsIT (numbers), AccessIT (rights) and AttackIT.
class BadInputIT {
  private static final String OCI = MediaType.OCI_MANIFEST.value();

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
        "SHA256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8",
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a0",
        "sha256:..%2f..%2fetc",
        "sha256:",
        ":44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "sha256+b64u:RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o"
      })
  void takesNoDigestThatIsNone(String digest) throws Exception {
    for (var path :
        new String[] {
          "GET /v2/a/blobs/" + digest,
          "DELETE /v2/a/blobs/" + digest,
          "GET /v2/a/manifests/" + digest,
          "PUT /v2/a/manifests/" + digest,
          "GET /v2/a/referrers/" + digest,
          "POST /v2/a/blobs/uploads/?digest=" + digest,
          "POST /v2/a/blobs/uploads/?mount=" + digest
        }) {
      assertRefused(path);
    }
    assertNothingWritten();
  }

  @Test
  void takesNoNameThatIsTooLong() throws Exception {
    assertRefused("GET /v2/a/blobs/" + "a".repeat(300) + ":" + "0".repeat(64));
    assertRefused("POST /v2/" + "a".repeat(256) + "/blobs/uploads/");
    assertRefused("PUT /v2/a/manifests/" + "t".repeat(129));
    assertRefused("POST /v2/a/blobs/uploads/?digest-algorithm=" + "x".repeat(5000));
    assertNothingWritten();
  }

  /// A piece that was sent before is no second piece.
  @Test
  void takesNoPieceTwice() throws Exception {
    var place = registry.post("/v2/a/blobs/uploads/").header("Location");
    var piece = "piece".getBytes(UTF_8);
    registry.send("PATCH", place, piece, "Content-Range", "0-4").hasStatus(202);

    registry
        .send("PATCH", place, piece, "Content-Range", "0-4")
        .refused(416, "BLOB_UPLOAD_INVALID");

    assertThat(registry.get(place).hasStatus(204).header("Range")).isEqualTo("0-4");
    registry.send("PUT", place + "?digest=" + Digest.of(piece), new byte[0]).hasStatus(201);
    registry.send("PATCH", place, piece, "Content-Range", "5-9").hasStatus(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1-3",
        "0--4",
        "4-0",
        "0-99999999999999999999",
        "9223372036854775807-9223372036854775811",
        "0-4/5",
        "bytes 0-4/5",
        "0-4, 0-4",
        "0x0-0x4",
        "\u0660-\u0664"
      })
  void takesNoRangeThatIsNone(String range) throws Exception {
    var place = registry.post("/v2/a/blobs/uploads/").header("Location");
    var answer =
        registry.raw(
            "PATCH %s HTTP/1.1\r\nHost: h\r\nContent-Range: %s\r\n".formatted(place, range)
                + "Content-Length: 5\r\nConnection: close\r\n\r\npiece");

    assertThat(answer).containsPattern("^HTTP/1.1 (400|416) ").contains("\"errors\":[{\"code\":");
    assertThat(registry.get(place).hasStatus(204).header("Range")).isEqualTo("0-0");
  }

  /// Two lengths are two messages to two readers (request smuggling).
  @Test
  void takesNoBodyWithTwoLengths() throws Exception {
    var both =
        registry.raw(
            post(
                "0\r\n\r\nGET /v2/_catalog HTTP/1.1\r\nHost: h\r\n\r\n",
                "Content-Length: 4",
                "Transfer-Encoding: chunked"));
    assertThat(both).doesNotContain("repositories");
    assertThat(registry.raw(post("12345", "Content-Length: 4", "Content-Length: 5")))
        .startsWith("HTTP/1.1 400");
    assertThat(registry.raw(post("ZZ\r\n12345\r\n", "Transfer-Encoding: chunked")))
        .doesNotContain("HTTP/1.1 201", "HTTP/1.1 500");
  }

  private static String post(String body, String... headers) {
    return String.join(
        "\r\n",
        "POST /v2/a/blobs/uploads/ HTTP/1.1",
        "Host: h",
        "Connection: close",
        String.join("\r\n", headers),
        "",
        body);
  }

  @Test
  void takesNoHeadersWithoutEnd() throws Exception {
    assertThat(
            registry.raw(
                "GET /v2/ HTTP/1.1\r\nHost: h\r\nX: %s\r\n\r\n".formatted("x".repeat(100_000))))
        .containsPattern("^HTTP/1.[01] 431 ")
        .endsWith(
            "{\"errors\":[{\"code\":\"REQUEST_INVALID\","
                + "\"message\":\"the headers are longer than 32768 bytes\"}]}");
    assertThat(
            registry.raw(
                "GET /v2/a/tags/list?n=%s HTTP/1.1\r\nHost: h\r\n\r\n"
                    .formatted("1".repeat(100_000))))
        .containsPattern("^HTTP/1.[01] 414 ")
        .containsIgnoringCase("Content-Type: application/json")
        .endsWith(
            "{\"errors\":[{\"code\":\"REQUEST_INVALID\","
                + "\"message\":\"the request line is longer than 16384 bytes\"}]}");
    assertThat(registry.raw("\u0001\u0002 nonsense\r\n\r\n"))
        .containsPattern("^HTTP/1.[01] 400 ")
        .endsWith(
            "{\"errors\":[{\"code\":\"REQUEST_INVALID\","
                + "\"message\":\"what was sent is no request of HTTP/1.1\"}]}");
  }

  /// CVE-2020-15157: what a manifest says where a layer may be had is nobody's business here.
  @Test
  @DisplayName("CVE-2020-15157: the URLs of foreign layers are kept and never followed")
  void followsNoUrlOfALayer() throws Exception {
    try (var elsewhere = ScriptedServer.start()) {
      var layer =
          "{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\","
              + "\"digest\":\"%s\",\"size\":1,\"urls\":[\"%s/layer\"]}"
                  .formatted(Digest.of(new byte[] {1}), elsewhere.url());
      var manifest =
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":\"a/b\","
                  .formatted(OCI)
              + "\"digest\":\"%s\",\"size\":2},\"layers\":[%s]}"
                  .formatted(Descriptor.EMPTY_JSON.digest(), layer);
      registry.put("a", "v1", manifest.getBytes(UTF_8), OCI).hasStatus(201);

      assertThat(registry.get("/v2/a/manifests/v1").text()).isEqualTo(manifest);
      registry.get("/v2/a/blobs/" + Digest.of(new byte[] {1})).refused(404, "BLOB_UNKNOWN");
      assertThat(elsewhere.asked()).isEmpty();
    }
  }

  /// Whoever may push a tag could list as a referrer what never referred to the image.
  @Test
  void believesNoFallbackTag() throws Exception {
    var image = registry.pushImage("a", "v1");
    var other = registry.pushImage("a", "v2");
    var stranger = registry.push("a", TestManifest.artifact("application/sig").subject(other));
    registry.push("a", image.digest().toString().replace(':', '-'), TestManifest.index(stranger));

    assertThat(registry.referrers("a", image.digest()).path("manifests")).isEmpty();
    assertThat(registry.referrers("a", other.digest()).path("manifests")).hasSize(1);
  }

  /// A chain of indexes is as deep as anybody likes: nothing here walks it down.
  @Test
  void doesNotWalkNestedIndexes() throws Exception {
    var child = registry.pushImage("a", "v1");
    for (int depth = 0; depth < 300; depth++) {
      child = registry.push("a", TestManifest.index(child));
    }
    registry.get("/v2/a/manifests/" + child.digest()).hasStatus(200);
    registry.delete("/v2/a/manifests/" + child.digest()).hasStatus(202);
  }

  /// A manifest cannot refer to itself, because its digest depends on what it says; one that says
  /// it does refers to something else.
  @Test
  void hasNoReferrerOfItself() throws Exception {
    var bytes = "{\"not\":\"pushed yet\"}".getBytes(UTF_8);
    var signature =
        TestManifest.artifact("application/sig")
            .subject(Descriptor.of(MediaType.OCI_MANIFEST, bytes));
    registry.push("a", signature);

    assertThat(registry.referrers("a", signature.digest()).path("manifests")).isEmpty();
  }

  @Test
  void takesNoMoreTagsThanItSets() throws Exception {
    var manifest = TestManifest.artifact("application/x");
    var tags = new StringBuilder();
    IntStream.range(0, 65).forEach(i -> tags.append("&tag=t").append(i));

    registry
        .put("a", manifest.digest() + "?" + tags.substring(1), manifest)
        .refused(414, "MANIFEST_INVALID");
    registry.put("a", manifest.digest() + "?tag=../x", manifest).refused(400, "MANIFEST_INVALID");
    assertNothingWritten();
  }

  private void assertRefused(String methodAndPath) throws IOException {
    var answer =
        registry.raw(
            "%s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: 2\r\n"
                    .formatted(methodAndPath, OCI)
                + "Connection: close\r\n\r\n{}");
    assertThat(answer)
        .as(methodAndPath)
        .containsPattern("^HTTP/1.1 (400|404|405) ")
        .contains("\"errors\":[{\"code\":");
  }

  private void assertNothingWritten() throws IOException {
    try (var files = Files.walk(root)) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> !isLock(file))).isEmpty();
    }
  }

  private boolean isLock(Path file) {
    return file.startsWith(root.resolve("lock"));
  }
}
