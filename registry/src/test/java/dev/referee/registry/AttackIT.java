package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was done to other registries. Attacks on bounds and on uploads that other tests make anyway
/// are named there: CVE-2017-11468 in ManifestIT, CVE-2023-2253 in TagsIT.
class AttackIT {
  private static final String OCI = MediaType.OCI_MANIFEST.value();
  private static final String CONFIG =
      "{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"%s\",\"size\":2}"
          .formatted(Descriptor.EMPTY_JSON.digest());

  @TempDir Path folder;
  private TestRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(folder.resolve("root"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /// CVE-2021-41190 (GHSA-mc8v-mgrf-8f4m): one digest that is an image to one reader and an index
  /// to another.
  @DisplayName("CVE-2021-41190, GHSA-mc8v-mgrf-8f4m: refuses manifests with two meanings")
  @Test
  void refusesManifestsWithTwoMeanings() throws Exception {
    var both =
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"manifests\":[]}".formatted(CONFIG);
    for (var type : new String[] {OCI, MediaType.OCI_INDEX.value()}) {
      registry.put("a", "v1", both.getBytes(UTF_8), type).refused(400, "MANIFEST_INVALID");
    }

    // The same bytes under two types, when they do not say themselves what they are.
    var untyped =
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[]}".formatted(CONFIG).getBytes(UTF_8);
    registry.put("a", "v1", untyped, OCI).hasStatus(201);
    registry
        .put("a", "v2", untyped, MediaType.DOCKER_MANIFEST.value())
        .refused(400, "MANIFEST_INVALID");
    assertThat(registry.get("/v2/a/manifests/v1").header("Content-Type")).isEqualTo(OCI);
  }

  /// Two parsers that pick different ones of two equal names see two manifests.
  @Test
  void refusesDuplicateNames() throws Exception {
    for (var body :
        new String[] {
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"layers\":[]}".formatted(CONFIG),
          "{\"schemaVersion\":2,\"config\":%s,\"layers\":[],\"\\u006cayers\":[]}".formatted(CONFIG),
        }) {
      registry.put("a", "v1", body.getBytes(UTF_8), OCI).refused(400, "MANIFEST_INVALID");
    }
  }

  /// CVE-2024-39897 (GHSA-55r9-5mx9-qq7r): a digest is not a right to read.
  @DisplayName("CVE-2024-39897, GHSA-55r9-5mx9-qq7r: reads nothing of other repositories by digest")
  @Test
  void readsNothingOfOtherRepositoriesByDigest() throws Exception {
    var secret = registry.pushBlob("secret", "secret content");
    var manifest = registry.push("secret", "v1", TestManifest.image(secret));

    registry.get("/v2/mine/blobs/" + secret.digest()).refused(404, "BLOB_UNKNOWN");
    registry.head("/v2/mine/blobs/" + secret.digest()).hasStatus(404);
    // Asking made nothing of it mine.
    registry.get("/v2/mine/blobs/" + secret.digest()).refused(404, "BLOB_UNKNOWN");
    registry.get("/v2/mine/manifests/" + manifest.digest()).refused(404, "MANIFEST_UNKNOWN");
    registry.put("mine", "v1", TestManifest.image(secret)).refused(400, "MANIFEST_BLOB_UNKNOWN");
    // From a repository that does not have it: an upload, and no word on who does.
    registry
        .post("/v2/mine/blobs/uploads/?mount=%s&from=other".formatted(secret.digest()))
        .hasStatus(202);
    registry.get("/v2/mine/blobs/" + secret.digest()).refused(404, "BLOB_UNKNOWN");
  }

  /// CVE-2026-35172: what was deleted here is not readable again because others have it.
  @DisplayName("CVE-2026-35172: does not serve a deleted blob from memory")
  @Test
  void doesNotServeADeletedBlobFromMemory() throws Exception {
    try (var replica = TestRegistry.start(folder.resolve("root"))) {
      var blob = registry.pushBlob("a", "content");
      registry.pushBlob("b", "content");
      var path = "/v2/a/blobs/" + blob.digest();
      registry.get(path).hasStatus(200);
      replica.get(path).hasStatus(200);

      registry.delete(path).hasStatus(202);

      replica.get("/v2/b/blobs/" + blob.digest()).hasStatus(200);
      replica.get(path).refused(404, "BLOB_UNKNOWN");
      registry.get(path).refused(404, "BLOB_UNKNOWN");
    }
  }

  /// CVE-2026-32589: an upload's id is worth nothing in another repository.
  @DisplayName("CVE-2026-32589: binds uploads to their repository")
  @Test
  void bindsUploadsToTheirRepository() throws Exception {
    var place = registry.post("/v2/victim/blobs/uploads/").header("Location");
    registry.send("PATCH", place, "data".getBytes(UTF_8)).hasStatus(202);
    var stolen = place.replace("/v2/victim/", "/v2/thief/");
    var digest = Digest.of("data".getBytes(UTF_8));

    registry.get(stolen).refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.send("PATCH", stolen, "evil".getBytes(UTF_8)).refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry
        .send("PUT", stolen + "?digest=" + digest, new byte[0])
        .refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.delete(stolen).refused(404, "BLOB_UPLOAD_UNKNOWN");

    registry.send("PUT", place + "?digest=" + digest, new byte[0]).hasStatus(201);
    registry.get("/v2/thief/blobs/" + digest).refused(404, "BLOB_UNKNOWN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/a/manifests/../../../../etc/passwd",
        "/v2/a/manifests/..%2f..%2fetc",
        "/v2/a/%2e%2e/%2e%2e/tags/list",
        "/v2/../v2/a/tags/list",
        "/v2/a/blobs/sha256:../../../../root/objects",
        "/v2/a/blobs/..%5c..",
        "/v2/a/blobs/uploads/../../x",
        "/v2/a/blobs/uploads/..",
        "/v2/a/blobs/uploads/%2e%2e",
        "/v2/a%00/tags/list",
        "/v2//a/tags/list",
        "//v2/a/tags/list",
        "/v2/a;b/tags/list",
        "/v2/A/tags/list",
        "/v2/a/blobs/SHA256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "/v2/a/referrers/sha256:%34",
      })
  void leavesNoWayOutOfItsPaths(String path) throws Exception {
    Files.writeString(folder.resolve("outside"), "outside");
    for (var method : new String[] {"GET", "PUT", "DELETE", "PATCH"}) {
      var answer =
          registry.raw(
              "%s %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: 2\r\n"
                      .formatted(method, path, OCI)
                  + "Connection: close\r\n\r\n{}");
      assertThat(answer)
          .as(method)
          .containsPattern("^HTTP/1.1 (400|404|405) ")
          .contains("\"errors\":[{\"code\":");
    }
    assertThat(folder).isDirectoryContaining("glob:**outside");
    try (var files = Files.walk(folder.resolve("root"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .filter(file -> !file.startsWith(folder.resolve("root/lock"))))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "x",
        "..",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "DEADBEEFDEADBEEFDEADBEEFDEADBEEF",
        "deadbeefdeadbeefdeadbeefdeadbeef0",
        "_state"
      })
  void guessesNoUpload(String id) throws Exception {
    if (id.equals("..")) {
      registry.get("/v2/a/blobs/uploads/" + id).refused(400, "NAME_INVALID");
    } else {
      registry.get("/v2/a/blobs/uploads/" + id).refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
  }

  /// A header that somebody else's content ends up in stays one header.
  @Test
  void putsNoClientsWordsIntoHeaders() throws Exception {
    var image = registry.pushImage("a", "v1");
    registry.push(
        "a",
        TestManifest.artifact("application/x\r\nX-Evil: 1")
            .annotations(Map.of("a\r\nX-Evil: 1", "\r\nX-Evil: 1"))
            .subject(image));

    var answer =
        registry.get("/v2/a/referrers/%s?artifactType=x%%0d%%0aX-Evil:1".formatted(image.digest()));

    answer.hasStatus(200);
    assertThat(answer.response().headers().map().toString().toLowerCase(Locale.ROOT))
        .doesNotContain("evil");
    registry.get("/v2/a/referrers/" + image.digest()).hasStatus(200);
  }

  /// A body cannot bring a second request along.
  @Test
  void takesNoRequestOutOfABody() throws Exception {
    var answer =
        registry.raw(
            String.join(
                "\r\n",
                "POST /v2/a/blobs/uploads/ HTTP/1.1",
                "Host: h",
                "Transfer-Encoding: chunked",
                "",
                "1d",
                "DELETE /v2/ HTTP/1.1",
                "Host: h",
                "0",
                "X: DELETE /v2/ HTTP/1.1",
                "",
                "GET /v2/ HTTP/1.1",
                "Host: h",
                "Connection: close",
                "",
                ""));

    assertThat(answer).contains("HTTP/1.1 202", "HTTP/1.1 200").doesNotContain("405");
  }

  /// An authenticated-looking name in the body of an upload's state is only data.
  @Test
  void keepsHostileRepositoryNamesInTheirPlace() throws Exception {
    // The longest and the oddest legal names.
    for (var name :
        new String[] {
          "a".repeat(245),
          ("a/".repeat(120) + "b"),
          "blobs/uploads",
          "manifests",
          "tags/list",
          "a__b--c.d",
          "0",
          "con/nul/aux"
        }) {
      registry.pushBlob(name, "content of " + name);
      registry.push(name, "v1", TestManifest.artifact("application/x"));
      registry.get("/v2/" + name + "/manifests/v1").hasStatus(200);
      assertThat(registry.get("/v2/" + name + "/tags/list").json().path("name").asText())
          .isEqualTo(name);
    }
  }
}
