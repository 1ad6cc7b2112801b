package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.MediaType;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullIT {
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
  void answersTheVersionCheck() throws Exception {
    for (var path : new String[] {"/v2/", "/v2"}) {
      var answer = registry.get(path).hasStatus(200);
      assertThat(answer.text()).isEqualTo("{}");
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
      assertThat(answer.header("Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
    }
    assertThat(registry.head("/v2/").hasStatus(200).bytes()).isEmpty();
  }

  @Test
  void servesManifestsAsTheyWerePushed() throws Exception {
    // Order, white space and unknown fields are part of what was signed.
    var bytes =
        """
        {  "schemaVersion" : 2, "config": {"mediaType":"application/vnd.oci.empty.v1+json",
          "digest":"%s","size":2 }, "layers":[], "x-unknown": 1 }
        """
            .formatted(Descriptor.EMPTY_JSON.digest())
            .getBytes(UTF_8);
    var digest = Digest.of(bytes);
    registry.put("shop/cart", "v1", bytes, "application/vnd.oci.image.manifest.v1+json");

    for (var reference : new String[] {"v1", digest.toString()}) {
      var path = "/v2/shop/cart/manifests/" + reference;
      var get = registry.get(path).hasStatus(200);
      assertThat(get.bytes()).isEqualTo(bytes);
      assertThat(get.header("Content-Type"))
          .isEqualTo("application/vnd.oci.image.manifest.v1+json");
      assertThat(get.header("Docker-Content-Digest")).isEqualTo(digest.toString());
      assertThat(get.header("ETag")).isEqualTo("\"" + digest + "\"");

      var head = registry.head(path).hasStatus(200);
      assertThat(head.bytes()).isEmpty();
      assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(bytes.length));
      assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
      assertThat(head.header("Docker-Content-Digest")).isEqualTo(digest.toString());
    }
  }

  /// Others hide OCI manifests from clients that do not ask for them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "text/html",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws, application/json;q=0.5"
      })
  void servesWhatItHasWhateverIsAccepted(String accept) throws Exception {
    var manifest = registry.pushImage("a", "v1");

    var answer = registry.get("/v2/a/manifests/v1", "Accept", accept).hasStatus(200);

    assertThat(answer.header("Content-Type")).isEqualTo(MediaType.OCI_MANIFEST.value());
    assertThat(Digest.of(answer.bytes())).isEqualTo(manifest.digest());
  }

  @Test
  void answersConditionalRequests() throws Exception {
    var manifest = registry.pushImage("a", "v1");
    var blob = registry.pushBlob("a", "content");
    var other = "\"" + Digest.of(new byte[] {1}) + "\"";

    for (var path : new String[] {"/v2/a/manifests/v1", "/v2/a/manifests/" + manifest.digest()}) {
      var etag = registry.get(path).header("ETag");
      assertThat(registry.get(path, "If-None-Match", etag).hasStatus(304).bytes()).isEmpty();
      registry.get(path, "If-None-Match", "W/" + etag).hasStatus(304);
      registry.get(path, "If-None-Match", other + ", " + etag).hasStatus(304);
      registry.get(path, "If-None-Match", "*").hasStatus(304);
      registry.get(path, "If-None-Match", other).hasStatus(200);
      registry.head(path, "If-None-Match", etag).hasStatus(304);
    }
    var blobPath = "/v2/a/blobs/" + blob.digest();
    registry.get(blobPath, "If-None-Match", "\"" + blob.digest() + "\"").hasStatus(304);
  }

  @Test
  void servesBlobs() throws Exception {
    for (var content : new byte[][] {{}, {1}, new byte[100_000], new byte[3 << 20]}) {
      for (var algorithm : DigestAlgorithm.values()) {
        var digest = Digest.of(algorithm, content);
        registry.send("POST", "/v2/a/blobs/uploads/?digest=" + digest, content).hasStatus(201);

        var path = "/v2/a/blobs/" + digest;
        var get = registry.get(path).hasStatus(200);
        assertThat(get.bytes()).isEqualTo(content);
        assertThat(get.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(get.header("Docker-Content-Digest")).isEqualTo(digest.toString());
        assertThat(get.header("Accept-Ranges")).isEqualTo("bytes");
        var head = registry.head(path).hasStatus(200);
        assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(content.length));
        assertThat(head.header("Docker-Content-Digest")).isEqualTo(digest.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 206, 0123, bytes 0-3/10",
    "bytes=4-, 206, 456789, bytes 4-9/10",
    "bytes=-2, 206, 89, bytes 8-9/10",
    "bytes=8-100, 206, 89, bytes 8-9/10",
    "bytes=10-, 416, , bytes */10",
    "bytes=5-0, 416, , bytes */10",
    "'bytes=0-1,3-4', 200, 0123456789, ''",
    "lines=0-1, 200, 0123456789, ''",
  })
  void servesPartsOfBlobs(String range, int status, String content, String contentRange)
      throws Exception {
    var blob = registry.pushBlob("a", "0123456789");

    var answer = registry.get("/v2/a/blobs/" + blob.digest(), "Range", range);

    assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
    if (status == 416) {
      answer.refused(416, "SIZE_INVALID");
    } else {
      assertThat(answer.hasStatus(status).text()).isEqualTo(content);
    }
  }

  @Test
  void servesAPartOnlyOfWhatTheClientHas() throws Exception {
    var path = "/v2/a/blobs/" + registry.pushBlob("a", "0123456789").digest();
    var etag = registry.head(path).header("ETag");

    registry.get(path, "Range", "bytes=0-3", "If-Range", etag).hasStatus(206);
    registry.get(path, "Range", "bytes=0-3", "If-Range", "\"other\"").hasStatus(200);
    // A range is for GET alone.
    assertThat(registry.head(path, "Range", "bytes=0-3").hasStatus(200).header("Content-Length"))
        .isEqualTo("10");
  }

  /// Lengths, ranges and digests are about the bytes themselves.
  @Test
  void compressesNothing() throws Exception {
    var blob = registry.pushBlob("a", "a".repeat(10_000));
    registry.pushImage("a", "v1");

    for (var path : new String[] {"/v2/a/blobs/" + blob.digest(), "/v2/a/manifests/v1"}) {
      var answer = registry.get(path, "Accept-Encoding", "zstd;q=1.0, gzip;q=0.8, deflate;q=0.5");
      assertThat(answer.header("Content-Encoding")).isEmpty();
      assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.bytes().length));
    }
  }

  /// Saves each signature an upload.
  @Test
  void hasTheEmptyJsonEverywhere() throws Exception {
    var path = "/v2/never/pushed/blobs/" + Descriptor.EMPTY_JSON.digest();

    assertThat(registry.get(path).hasStatus(200).text()).isEqualTo("{}");
    assertThat(registry.head(path).hasStatus(200).header("Content-Length")).isEqualTo("2");
    assertThat(registry.get(path, "Range", "bytes=1-").hasStatus(206).text()).isEqualTo("}");
    // Somebody who deletes it is believed, until it is needed again.
    registry.delete(path).hasStatus(202);
    registry.get(path).refused(404, "BLOB_UNKNOWN");
    registry.delete(path).refused(404, "BLOB_UNKNOWN");
    registry.pushBlob("never/pushed", "{}");
    registry.get(path).hasStatus(200);
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    var nothing = Digest.of(new byte[] {42});
    registry.pushImage("a", "v1");

    registry.get("/v2/a/manifests/v2").refused(404, "MANIFEST_UNKNOWN");
    registry.get("/v2/a/manifests/" + nothing).refused(404, "MANIFEST_UNKNOWN");
    registry.get("/v2/b/manifests/v1").refused(404, "MANIFEST_UNKNOWN");
    registry.get("/v2/a/blobs/" + nothing).refused(404, "BLOB_UNKNOWN");
    assertThat(registry.head("/v2/a/manifests/v2").hasStatus(404).bytes()).isEmpty();
    assertThat(registry.head("/v2/a/blobs/" + nothing).hasStatus(404).bytes()).isEmpty();
    registry.get("/").refused(404, "UNSUPPORTED");
  }

  @Test
  void refusesOtherMethods() throws Exception {
    var digest = Digest.of(new byte[] {42});
    for (var path :
        new String[] {
          "/v2/",
          "/v2/a/tags/list",
          "/v2/a/referrers/" + digest,
          "/v2/a/manifests/v1",
          "/v2/a/blobs/" + digest,
          "/v2/a/blobs/uploads/x",
        }) {
      var answer = registry.send("TRACE", path, new byte[0]).refused(405, "UNSUPPORTED");
      assertThat(answer.header("Allow")).contains("GET");
    }
    registry.get("/v2/a/blobs/uploads/").refused(405, "UNSUPPORTED");
  }
}
