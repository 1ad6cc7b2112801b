package dev.referee.registry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.registry.storage.MemoryObjectStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA512, new byte[] {1});
  private static final RepositoryName LONGEST = new RepositoryName("a".repeat(245));
  private static final PushIds IDS = new PushIds(InstantSource.system());

  /// `a` is never the beginning of `a/b`'s keys, nor `a-b`'s or `ab`'s.
  @Test
  void keepsRepositoriesApart() {
    var a = new RepositoryName("a");
    for (var name : new String[] {"a/b", "ab", "a-b", "a_b", "a.b", "a/a"}) {
      var other = new RepositoryName(name);
      assertThat(Keys.tag(other, "v1")).doesNotStartWith(Keys.tags(a));
      assertThat(Keys.links(DIGEST, other)).doesNotStartWith(Keys.links(DIGEST, a));
      assertThat(Keys.referrers(other, DIGEST)).doesNotStartWith(Keys.referrers(a, DIGEST));
      assertThat(Keys.repository(other)).isNotEqualTo(Keys.repository(a));
    }
    assertThat(new RepositoryName("a/b").segment())
        .isNotEqualTo(new RepositoryName("a-b").segment());
  }

  /// File systems hold 255 bytes a name, and no key may be another's folder.
  @Test
  void fitsEveryKeyIntoAFileSystem() {
    var push = IDS.next();
    var keys =
        List.of(
            Keys.generation(DIGEST, push),
            Keys.link(DIGEST, LONGEST, push),
            Keys.manifest(LONGEST, DIGEST),
            Keys.tag(LONGEST, "t".repeat(128)),
            Keys.referrer(LONGEST, DIGEST, DIGEST, push),
            Keys.child(LONGEST, DIGEST, DIGEST, push),
            Keys.marks(DIGEST) + push + "~" + push,
            Keys.repository(LONGEST));
    for (var key : keys) {
      assertThat(Arrays.asList(key.split("/", -1)))
          .allSatisfy(segment -> assertThat(segment).hasSizeBetween(1, 255));
      // The store's own grammar takes them.
      new MemoryObjectStore().put(key, new byte[0]);
      assertThat(keys).noneMatch(other -> other.startsWith(key + "/"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "a/", "/a", "a//b", "A", "a b", "..", "a/..", ".a", "a~b", "a:b", "_a"})
  void refusesNamesThatAreNone(String name) {
    assertThatThrownBy(() -> RepositoryName.parse(name))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID));
  }

  @Test
  void namesPushesInTheOrderOfTime() {
    // Even when the clock stands still or goes back.
    var now = Instant.parse("2026-11-24T00:00:00Z");
    var times = new ArrayList<>(List.of(now, now, now.minusSeconds(60), now.plusSeconds(1)));
    var ids = new PushIds(times::removeFirst);

    var names = List.of(ids.next(), ids.next(), ids.next(), ids.next());

    assertThat(names).isSorted().doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> name.matches("[0-9a-f]{14}-[0-9a-f]{20}"));
  }
}
