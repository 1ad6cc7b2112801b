package dev.referee.registry.content;

import static dev.referee.registry.content.ContentFixture.REPOSITORY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.registry.TestManifest;
import dev.referee.registry.storage.MemoryObjectStore;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  private static final String ANYTHING = "-._09AZaz~!/:@[`{%\0 \u00e9\u4e2d";
  private static final String OF_TAGS = "-._09AZaz";

  /// Whatever a client says, no store is asked for anything but a key, and lists what is behind it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void listsWhatIsBehindAnything(long seed) throws Exception {
    var random = new Random(seed);
    var fixture = new ContentFixture(new MemoryObjectStore());
    var tags = new TreeSet<String>();
    for (int i = 0; i < 60; i++) {
      tags.add("a" + text(random, OF_TAGS, 3));
    }
    tags.add("z".repeat(128));
    fixture.push(TestManifest.artifact("application/x"), tags.toArray(String[]::new));

    for (int i = 0; i < 500; i++) {
      var last = (random.nextInt(4) == 0 ? "" : "a") + text(random, ANYTHING, 4);
      var expected =
          tags.stream()
              .filter(tag -> Arrays.compareUnsigned(tag.getBytes(UTF_8), last.getBytes(UTF_8)) > 0)
              .toList();

      assertThat(fixture.content().tags().list(REPOSITORY, last, 1000))
          .as("seed %d, behind \"%s\"", seed, last)
          .isEqualTo(expected);
      assertThat(Tags.behind(last)).matches("[A-Za-z0-9._~-]*");
    }
    assertThat(fixture.content().tags().list(REPOSITORY, "z".repeat(5000), 1000)).isEmpty();
    assertThat(Tags.behind("z".repeat(5000))).hasSize(128);
  }

  private static String text(Random random, String alphabet, int maxLength) {
    var text = new StringBuilder();
    for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
