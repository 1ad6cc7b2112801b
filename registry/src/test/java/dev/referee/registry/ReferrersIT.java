package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.oci.MediaType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferrersIT {
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
  void answersAnEmptyIndexForWhateverItDoesNotKnow() throws Exception {
    var image = registry.pushImage("a", "v1");

    for (var path :
        new String[] {
          "/v2/a/referrers/" + image.digest(),
          "/v2/a/referrers/" + Digest.of(new byte[] {1}),
          "/v2/never/pushed/referrers/" + Digest.of(DigestAlgorithm.SHA512, new byte[] {1})
        }) {
      var answer = registry.get(path).hasStatus(200);
      assertThat(answer.header("Content-Type"))
          .isEqualTo("application/vnd.oci.image.index.v1+json");
      assertThat(answer.text())
          .isEqualTo(
              "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                  + "\"manifests\":[]}");
    }
    registry.get("/v2/a/referrers/sha256:x").refused(400, "DIGEST_INVALID");
  }

  @Test
  void describesEveryKindOfReferrer() throws Exception {
    var image = registry.pushImage("a", "v1");
    var config = registry.pushBlob("a", "config");
    var typed =
        TestManifest.artifact("application/spdx+json")
            .annotations(Map.of("created", "today", "\u00e9\n\"", "\ud83d\ude00"))
            .subject(image);
    var untyped = TestManifest.image(config).subject(image);
    var emptyType = TestManifest.image(config).with("artifactType", "").subject(image);
    var index = TestManifest.index().subject(image);
    var typedIndex = TestManifest.index().with("artifactType", "application/x").subject(image);
    for (var manifest : List.of(typed, untyped, emptyType, index, typedIndex)) {
      registry.push("a", manifest);
    }

    var referrers = registry.referrers("a", image.digest()).path("manifests");

    // Newest first.
    assertThat(referrers).hasSize(5);
    assertDescribes(referrers.get(0), typedIndex, "application/x");
    assertDescribes(referrers.get(1), index, "");
    assertThat(referrers.get(1).has("artifactType")).isFalse();
    // distribution-spec v1.1.1: without artifactType the config's media type stands for it.
    assertDescribes(referrers.get(2), emptyType, config.mediaType().value());
    assertDescribes(referrers.get(3), untyped, config.mediaType().value());
    assertThat(referrers.get(3).has("annotations")).isFalse();
    assertDescribes(referrers.get(4), typed, "application/spdx+json");
    assertThat(referrers.get(4).path("annotations").path("created").asText()).isEqualTo("today");
    assertThat(referrers.get(4).path("annotations").path("\u00e9\n\"").asText())
        .isEqualTo("\ud83d\ude00");
  }

  @Test
  void filtersByType() throws Exception {
    var image = registry.pushImage("a", "v1");
    for (var type : new String[] {"application/one", "application/two", "application/a+b"}) {
      registry.push("a", TestManifest.artifact(type).subject(image));
    }
    registry.push("a", TestManifest.index().subject(image));
    var path = "/v2/a/referrers/" + image.digest();

    assertThat(types(path))
        .containsExactly("", "application/a+b", "application/two", "application/one");
    assertThat(types(path + "?artifactType=application/two")).containsExactly("application/two");
    // Sent encoded and not.
    assertThat(types(path + "?artifactType=application%2Fa%2Bb"))
        .containsExactly("application/a+b");
    assertThat(types(path + "?artifactType=application/a+b")).containsExactly("application/a+b");
    // Repeated: any of them.
    assertThat(types(path + "?artifactType=application/one&artifactType=application/two"))
        .containsExactly("application/two", "application/one");
    assertThat(types(path + "?artifactType=application/none")).isEmpty();
    assertThat(registry.get(path + "?artifactType=application/none").header("OCI-Filters-Applied"))
        .isEqualTo("artifactType");
    assertThat(registry.get(path).header("OCI-Filters-Applied")).isEmpty();
    assertThat(registry.get(path + "?artifactType=").header("OCI-Filters-Applied")).isEmpty();
  }

  @Test
  void keepsRepositoriesApart() throws Exception {
    var image = registry.pushImage("a", "v1");
    for (var repository : new String[] {"a", "a/b", "a-b", "ab"}) {
      registry.push(
          repository, TestManifest.artifact("application/" + repository.length()).subject(image));
    }

    assertThat(types("/v2/a/referrers/" + image.digest())).containsExactly("application/1");
    assertThat(types("/v2/a/b/referrers/" + image.digest())).containsExactly("application/3");
    assertThat(types("/v2/b/referrers/" + image.digest())).isEmpty();
  }

  @Test
  void listsOnceWhatIsPushedTwice() throws Exception {
    var image = registry.pushImage("a", "v1");
    var signature = TestManifest.artifact("application/x").subject(image);
    registry.push("a", signature);
    registry.push("a", "tagged", signature);
    registry.push("a", signature);

    assertThat(registry.referrers("a", image.digest()).path("manifests")).hasSize(1);
  }

  @Test
  void forgetsWhatIsDeletedAndLearnsItAgain() throws Exception {
    var image = registry.pushImage("a", "v1");
    var one = TestManifest.artifact("application/one").subject(image);
    var two = TestManifest.artifact("application/two").subject(image);
    var path = "/v2/a/referrers/" + image.digest();
    for (int round = 0; round < 3; round++) {
      registry.push("a", one);
      registry.push("a", two);
      assertThat(types(path)).containsExactly("application/two", "application/one");

      registry.delete("/v2/a/manifests/" + one.digest()).hasStatus(202);
      assertThat(types(path)).containsExactly("application/two");
      registry.delete("/v2/a/manifests/" + two.digest()).hasStatus(202);
      assertThat(types(path)).isEmpty();
    }
  }

  @Test
  void keepsReferrersOfADeletedSubject() throws Exception {
    var image = registry.pushImage("a", "v1");
    registry.push("a", TestManifest.artifact("application/x").subject(image));

    registry.delete("/v2/a/manifests/" + image.digest()).hasStatus(202);

    assertThat(types("/v2/a/referrers/" + image.digest())).containsExactly("application/x");
  }

  @Test
  void refersBySha512() throws Exception {
    var bytes = TestManifest.artifact("application/image").bytes();
    var digest = Digest.of(DigestAlgorithm.SHA512, bytes);
    registry.put("a", digest.toString(), bytes, MediaType.OCI_MANIFEST.value()).hasStatus(201);
    var subject = new Descriptor(MediaType.OCI_MANIFEST, digest, bytes.length);
    var signature = TestManifest.artifact("application/x").subject(subject);
    var bySha512 = Digest.of(DigestAlgorithm.SHA512, signature.bytes());

    registry.push("a", bySha512.toString(), signature);

    assertThat(registry.referrers("a", digest).at("/manifests/0/digest").asText())
        .isEqualTo(bySha512.toString());
  }

  @Test
  void answersConditionalRequests() throws Exception {
    var image = registry.pushImage("a", "v1");
    var path = "/v2/a/referrers/" + image.digest();
    var etag = registry.get(path).header("ETag");
    registry.get(path, "If-None-Match", etag).hasStatus(304);

    registry.push("a", TestManifest.artifact("application/x").subject(image));

    var changed = registry.get(path, "If-None-Match", etag).hasStatus(200).header("ETag");
    assertThat(changed).isNotEqualTo(etag);
    registry.get(path, "If-None-Match", changed).hasStatus(304);
    assertThat(registry.head(path).hasStatus(200).bytes()).isEmpty();
  }

  /// Clients that do not follow pages read four mebibytes of the first.
  @Test
  void pagesOnlyWhatIsTooLargeForOne() throws Exception {
    var image = registry.pushImage("a", "v1");
    var pushed = new ArrayList<String>();
    for (int i = 0; i < 6; i++) {
      var large =
          TestManifest.artifact("application/x+y")
              .annotations(Map.of("n", String.valueOf(i), "pad", "x".repeat(1_000_000)))
              .subject(image);
      registry.push("a", large);
      pushed.addFirst(large.digest().toString());
    }

    for (var query : new String[] {"", "?artifactType=application/x%2By"}) {
      var seen = new ArrayList<String>();
      int pages = 0;
      var next = "/v2/a/referrers/" + image.digest() + query;
      while (!next.isEmpty()) {
        var answer = registry.get(next).hasStatus(200);
        assertThat(answer.bytes().length).isLessThanOrEqualTo(4 << 20);
        assertThat(answer.header("OCI-Filters-Applied"))
            .isEqualTo(query.isEmpty() ? "" : "artifactType");
        answer.json().path("manifests").forEach(entry -> seen.add(entry.path("digest").asText()));
        next = next(answer.header("Link"));
        pages++;
      }
      assertThat(seen).isEqualTo(pushed);
      assertThat(pages).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0", "00000000000000", "../x", "%00"})
  void refusesPlacesOfPagesThatAreNone(String before) throws Exception {
    registry
        .get("/v2/a/referrers/%s?before=%s".formatted(Digest.of(new byte[0]), before))
        .refused(400, "PAGINATION_NUMBER_INVALID");
  }

  /// Replicas over one store see each other's pushes and deletions at once, warm caches or not.
  @Test
  void agreesWithOtherProcesses() throws Exception {
    var image = registry.pushImage("a", "v1");
    var path = "/v2/a/referrers/" + image.digest();
    try (var other = TestRegistry.start(root)) {
      var seen = new HashSet<Digest>();
      for (int i = 0; i < 20; i++) {
        var writer = i % 2 == 0 ? registry : other;
        var reader = i % 2 == 0 ? other : registry;
        var signature = TestManifest.artifact("application/" + i).subject(image);
        reader.get(path).hasStatus(200);
        writer.push("a", signature);
        seen.add(signature.digest());
        assertThat(reader.get(path).json().path("manifests")).hasSize(seen.size());
        writer.push("a", "moving", signature);
        assertThat(reader.head("/v2/a/manifests/moving").header("Docker-Content-Digest"))
            .isEqualTo(signature.digest().toString());
      }
      for (var digest : seen) {
        registry.delete("/v2/a/manifests/" + digest).hasStatus(202);
        other.get("/v2/a/manifests/" + digest).refused(404, "MANIFEST_UNKNOWN");
      }
      assertThat(other.get(path).json().path("manifests")).isEmpty();
    }
  }

  private List<String> types(String path) throws Exception {
    var types = new ArrayList<String>();
    registry
        .get(path)
        .hasStatus(200)
        .json()
        .path("manifests")
        .forEach(entry -> types.add(entry.path("artifactType").asText()));
    return types;
  }

  private static String next(String link) {
    return link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
  }

  private static void assertDescribes(JsonNode entry, TestManifest manifest, String artifactType) {
    assertThat(entry.path("digest").asText()).isEqualTo(manifest.digest().toString());
    assertThat(entry.path("size").asLong()).isEqualTo(manifest.bytes().length);
    assertThat(entry.path("mediaType").asText()).isEqualTo(manifest.mediaType().value());
    assertThat(entry.path("artifactType").asText()).isEqualTo(artifactType);
  }
}
