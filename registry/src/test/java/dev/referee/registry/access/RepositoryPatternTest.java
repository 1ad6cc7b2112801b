package dev.referee.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.registry.content.RepositoryName;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPatternTest {
  @ParameterizedTest
  @CsvSource({
    "**, a, true",
    "**, a/b/c, true",
    "*, a, true",
    "*, a/b, false",
    "team/**, team, true",
    "team/**, team/a, true",
    "team/**, team/a/b, true",
    "team/**, teams, false",
    "team/**, team-b/a, false",
    "team/**, other/team/a, false",
    "team/*, team/a, true",
    "team/*, team, false",
    "team/*, team/a/b, false",
    "**/sig, sig, true",
    "**/sig, a/b/sig, true",
    "**/sig, a/sig/b, false",
    "a/**/z, a/z, true",
    "a/**/z, a/b/c/z, true",
    "a/**/z, a/b/c, false",
    "app-*, app-one, true",
    "app-*, app, false",
    "*-app-*, my-app-two, true",
    "a*b*c, abbbc, true",
    "a*b*c, acb, false",
    "a, a, true",
    "a, ab, false",
    "a.b, axb, false",
  })
  void matchesWholeComponents(String pattern, String name, boolean matches) {
    assertThat(RepositoryPattern.parse(pattern).matches(new RepositoryName(name)))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a//b", "A", "a b", "a/***", "a**", "**b", "../a", "a:b", "a?"
      })
  void refusesWhatMatchesNothing(String pattern) {
    assertThatThrownBy(() -> RepositoryPattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + pattern + "\"");
    assertThatThrownBy(() -> RepositoryPattern.parse("a".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// PROJQUAY-10573: a pattern that takes for ever to not match.
  @Test
  void isNotSlowedDownByStars() {
    var pattern = RepositoryPattern.parse("*a".repeat(120) + "*b");
    var deep = RepositoryPattern.parse("**/a/".repeat(50) + "b");

    Assertions.assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          assertThat(pattern.matches(new RepositoryName("a".repeat(200)))).isFalse();
          assertThat(deep.matches(new RepositoryName("a/".repeat(100) + "a"))).isFalse();
        });
  }
}
