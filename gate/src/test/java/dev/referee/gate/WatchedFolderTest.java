package dev.referee.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFolderTest {
  private static final String POLICY =
      """
      apiVersion: referee.dev/v1alpha1
      kind: ClusterReferrerPolicy
      metadata: {name: %s}
      spec: {require: [{name: r, deny: {message: no image at all}}]}
      """;

  @TempDir Path folder;

  @Test
  void takesUpChangesAndKeepsTheLastGoodOnes() throws Exception {
    replace("a.yaml", POLICY.formatted("a"));
    try (var policies = WatchedFolder.open(List.of(folder), Duration.ofMillis(20))) {
      assertThat(policies.isReady()).isTrue();
      assertThat(names(policies)).containsExactly("a");

      replace("b.yaml", POLICY.formatted("b"));
      await().untilAsserted(() -> assertThat(names(policies)).containsExactly("a", "b"));

      // A broken file switches nothing off, not even while others change.
      replace("a.yaml", "{");
      replace("c.yaml", POLICY.formatted("c"));
      await()
          .during(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(names(policies)).containsExactly("a", "b"));

      replace("a.yaml", POLICY.formatted("a2"));
      await().untilAsserted(() -> assertThat(names(policies)).containsExactly("a2", "b", "c"));
    }
  }

  @Test
  void refusesToBeginWithWhatCannotBeRead() throws Exception {
    replace("a.yaml", "{");

    assertThatThrownBy(() -> WatchedFolder.open(List.of(folder), Duration.ofSeconds(1)))
        .isInstanceOf(PolicyFileException.class);
  }

  private static List<String> names(PolicySource policies) {
    return policies.current().policies().stream().map(policy -> policy.id().name()).toList();
  }

  private void replace(String file, String content) throws Exception {
    var fresh = folder.resolve(file + ".new");
    Files.writeString(fresh, content);
    Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }
}
