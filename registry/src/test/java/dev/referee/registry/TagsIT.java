package dev.referee.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsIT {
  // In the order of bytes.
  private static final List<String> TAGS =
      List.of("1.0", "1.0-rc", "V1", "_x", "latest", "v1", "v1.0", "v10", "x".repeat(128));

  @TempDir Path root;
  private TestRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = TestRegistry.start(root);
    for (var tag : TAGS.reversed()) {
      registry.push("a", tag, TestManifest.artifact("application/x"));
    }
    registry.push("a/b", "other", TestManifest.artifact("application/x"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void listsAllInOrder() throws Exception {
    var answer = registry.get("/v2/a/tags/list").hasStatus(200);

    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.json().path("name").asText()).isEqualTo("a");
    assertThat(tags(answer)).isEqualTo(TAGS);
    assertThat(answer.header("Link")).isEmpty();
    assertThat(tags(registry.get("/v2/a/b/tags/list"))).containsExactly("other");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 9, 10})
  void pagesByLinks(int size) throws Exception {
    var seen = new ArrayList<String>();
    var next = "/v2/a/tags/list?n=" + size;
    while (!next.isEmpty()) {
      var answer = registry.get(next).hasStatus(200);
      assertThat(tags(answer)).hasSizeBetween(1, size);
      seen.addAll(tags(answer));
      var link = answer.header("Link");
      next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
    }
    assertThat(seen).isEqualTo(TAGS);
  }

  @Test
  void beginsBehindTheLast() throws Exception {
    assertThat(tags(registry.get("/v2/a/tags/list?last=latest"))).startsWith("v1", "v1.0");
    // A tag that is none, before and behind all others.
    assertThat(tags(registry.get("/v2/a/tags/list?last=m"))).startsWith("v1");
    assertThat(tags(registry.get("/v2/a/tags/list?last=%00"))).isEqualTo(TAGS);
    assertThat(tags(registry.get("/v2/a/tags/list?last=~"))).isEmpty();
    assertThat(tags(registry.get("/v2/a/tags/list?last=" + "z".repeat(5000)))).isEmpty();
  }

  /// distribution-spec v1.1.1: n=0 is an empty list without a link.
  @Test
  void listsNoneWhenNoneIsWanted() throws Exception {
    var answer = registry.get("/v2/a/tags/list?n=0").hasStatus(200);

    assertThat(tags(answer)).isEmpty();
    assertThat(answer.header("Link")).isEmpty();
  }

  /// CVE-2023-2253: a number of entries is no reason to make room for as many.
  @DisplayName("CVE-2023-2253: is not impressed by large numbers")
  @ParameterizedTest
  @ValueSource(strings = {"2147483647", "2147483648", "9999999999999999999999"})
  void isNotImpressedByLargeNumbers(String n) throws Exception {
    assertThat(tags(registry.get("/v2/a/tags/list?n=" + n).hasStatus(200))).isEqualTo(TAGS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "1.5", "+1", "%20", ""})
  void refusesNumbersThatAreNone(String n) throws Exception {
    registry.get("/v2/a/tags/list?n=" + n).refused(400, "PAGINATION_NUMBER_INVALID");
  }

  @Test
  void knowsNoTagsOfARepositoryThatIsNone() throws Exception {
    registry.get("/v2/b/tags/list").refused(404, "NAME_UNKNOWN");
    registry.pushBlob("b", "a blob makes a repository");
    assertThat(tags(registry.get("/v2/b/tags/list").hasStatus(200))).isEmpty();
  }

  @Test
  void forgetsDeletedTags() throws Exception {
    registry.delete("/v2/a/manifests/latest").hasStatus(202);

    assertThat(tags(registry.get("/v2/a/tags/list"))).hasSize(8).doesNotContain("latest");
    registry.get("/v2/a/manifests/latest").refused(404, "MANIFEST_UNKNOWN");
    registry.delete("/v2/a/manifests/latest").refused(404, "MANIFEST_UNKNOWN");
    // The manifest itself stays.
    registry.get("/v2/a/manifests/v1").hasStatus(200);
  }

  private static List<String> tags(TestRegistry.Answer answer) throws Exception {
    var tags = new ArrayList<String>();
    answer.json().path("tags").forEach(tag -> tags.add(tag.asText()));
    return tags;
  }
}
