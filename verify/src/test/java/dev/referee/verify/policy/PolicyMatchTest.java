package dev.referee.verify.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.LabelSelectorSpec;
import dev.referee.api.v1alpha1.LabelSelectorSpec.Expression;
import dev.referee.api.v1alpha1.LabelSelectorSpec.Operator;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.oci.Reference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyMatchTest {
  @Test
  void combinesImagesAndExclusions() {
    var match =
        PolicyMatch.compile(
            null, new MatchSpec(List.of("ghcr.io/**"), List.of("ghcr.io/base/**"), null, null));

    assertThat(match.matches(image("ghcr.io/shop/cart"))).isTrue();
    assertThat(match.matches(image("ghcr.io/base/jdk"))).isFalse();
    assertThat(match.matches(image("nginx"))).isFalse();
  }

  /// Content without a name, as in a folder: whatever could be meant is, and nothing is left out.
  @Test
  void takesAnUnknownRepositoryForTheOneThatIsMeant() {
    var match =
        PolicyMatch.compile(
            null, new MatchSpec(List.of("ghcr.io/**"), List.of("ghcr.io/base/**"), null, null));

    assertThat(
            match.matches(
                new ImageRequest(Reference.parse("nginx"), null, "shop", Map.of(), Map.of())))
        .isTrue();
  }

  @Test
  void evaluatesSelectorsAsKubernetesDoes() {
    assertThat(selects(labels("env", "prod"), Map.of("env", "prod", "x", "y"))).isTrue();
    assertThat(selects(labels("env", "prod"), Map.of("env", "test"))).isFalse();
    assertThat(selects(labels("env", "prod"), Map.of())).isFalse();
    assertThat(selects(expression(Operator.IN, "a", "b"), Map.of("k", "b"))).isTrue();
    assertThat(selects(expression(Operator.IN, "a", "b"), Map.of("k", "c"))).isFalse();
    assertThat(selects(expression(Operator.IN, "a", "b"), Map.of())).isFalse();
    assertThat(selects(expression(Operator.NOT_IN, "a"), Map.of("k", "a"))).isFalse();
    assertThat(selects(expression(Operator.NOT_IN, "a"), Map.of())).isTrue();
    assertThat(selects(expression(Operator.EXISTS), Map.of("k", ""))).isTrue();
    assertThat(selects(expression(Operator.EXISTS), Map.of())).isFalse();
    assertThat(selects(expression(Operator.DOES_NOT_EXIST), Map.of())).isTrue();
    assertThat(selects(expression(Operator.DOES_NOT_EXIST), Map.of("k", ""))).isFalse();
  }

  /// CVE-2025-46342: a lookup that failed must not switch policies off.
  @Test
  void takesUnknownLabelsForTheOnesThatAreMeant() {
    assertThat(selects(labels("env", "prod"), null)).isTrue();
    assertThat(selects(expression(Operator.DOES_NOT_EXIST), null)).isTrue();
  }

  private static boolean selects(LabelSelectorSpec selector, @Nullable Map<String, String> labels) {
    var byNamespace = PolicyMatch.compile(null, new MatchSpec(null, null, selector, null));
    var byObject = PolicyMatch.compile(null, new MatchSpec(null, null, null, selector));
    var reference = Reference.parse("nginx");
    boolean namespace = byNamespace.matches(ImageRequest.in("shop", labels, Map.of(), reference));
    boolean object = byObject.matches(ImageRequest.in("shop", Map.of(), labels, reference));
    assertThat(namespace).isEqualTo(object);
    return namespace;
  }

  private static LabelSelectorSpec labels(String key, String value) {
    return new LabelSelectorSpec(Map.of(key, value), null);
  }

  private static LabelSelectorSpec expression(Operator operator, String... values) {
    return new LabelSelectorSpec(null, List.of(new Expression("k", operator, List.of(values))));
  }

  private static ImageRequest image(String name) {
    return ImageRequest.in("shop", Map.of(), Map.of(), Reference.parse(name));
  }
}
