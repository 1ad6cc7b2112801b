package dev.referee.operator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  @Test
  void keepsWhatStandsNextToTheImage() {
    var tree = node("a", node("a1", node("a11")), node("a2"));
    var other = node("b", node("b1"));

    assertThat(names(Evidence.bounded(List.of(tree, other), 10, 100)))
        .isEqualTo("a(a1(a11),a2),b(b1)");
    assertThat(names(Evidence.bounded(List.of(tree, other), 4, 100))).isEqualTo("a(a1,a2),b");
    assertThat(names(Evidence.bounded(List.of(tree, other), 2, 100))).isEqualTo("a,b");
    assertThat(names(Evidence.bounded(List.of(tree, other), 1, 100))).isEqualTo("a");
    assertThat(names(Evidence.bounded(List.of(), 1, 100))).isEmpty();
  }

  @Test
  void isNeverLargerThanItsLimit() {
    for (int limit = 1; limit < 40; limit++) {
      var trees = IntStream.range(0, 5).mapToObj(i -> node("n" + i, node("x"), node("y"))).toList();

      assertThat(Evidence.count(Evidence.bounded(trees, limit, 100)))
          .isEqualTo(Math.min(limit, 15));
    }
  }

  @Test
  void shortensSentencesWithoutTearingCharacters() {
    assertThat(Texts.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Texts.cut("abcdefg", 6)).isEqualTo("abc...");
    assertThat(Texts.cut("ab\uD83D\uDE00defgh", 6)).isEqualTo("ab...");
  }

  private static Evidence node(String name, Evidence... children) {
    return new Evidence(null, name, "here", "PROVEN", null, name, List.of(children));
  }

  private static String names(List<Evidence> trees) {
    return String.join(
        ",",
        trees.stream()
            .map(t -> t.what() + (t.children().isEmpty() ? "" : "(" + names(t.children()) + ")"))
            .toList());
  }
}
