package dev.referee.operator.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.api.v1alpha1.CustomResourceSpec;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.verify.policy.PolicySet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookConfigurationsTest {
  /// Set to write the golden files anew.
  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  private static final String BUNDLE = "the authorities";
  private static final WebhookEndpoint SERVICE =
      new WebhookEndpoint.OfService("referee-system", "referee-webhook");

  @Test
  void asksAboutEverythingThatBringsImages() throws IOException {
    var configuration =
        new RefereeConfigurationSpec(
            null,
            List.of(
                new CustomResourceSpec(
                    "argoproj.io", "rollouts", List.of("spec.template"), null, null)),
            List.of("kube-node-lease"),
            null,
            null,
            "referee.dev/bypass");
    var demand = new Demand(true, true, Duration.ofSeconds(3), configuration);

    assertGolden("everything", demand);
  }

  @Test
  void asksAboutOurOwnObjectsOnlyWhereNoPolicyIs() throws IOException {
    assertGolden("nothing", Demand.of(PolicySet.EMPTY));
  }

  @Test
  void asksAboutImagesWhereThoseWithoutPolicyAreRefused() {
    var denying =
        new PolicySet(
            List.of(), List.of(), RefereeConfigurationSpec.unmatched(Unmatched.DENY), List.of());

    assertThat(Demand.of(denying).images()).isTrue();
    assertThat(Demand.of(denying).pins()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"100ms,10", "3s,10", "8s,10", "8001ms,11", "20s,22", "29s,30"})
  void leavesADecisionItsTime(String budget, int seconds) {
    var time =
        budget.endsWith("ms")
            ? Duration.ofMillis(Long.parseLong(budget.replace("ms", "")))
            : Duration.ofSeconds(Long.parseLong(budget.replace("s", "")));
    var demand = new Demand(true, true, time, RefereeConfigurationSpec.DEFAULT);

    var images = configurations().validating(demand, BUNDLE).getWebhooks().getFirst();

    assertThat(images.getTimeoutSeconds()).isEqualTo(seconds);
  }

  /// A label of a namespace switches nothing off unless an administrator says which (the class of
  /// bypass by which connaisseur's and others' users were surprised).
  @Test
  void excludesNamespacesByNameOnly() {
    var demand = new Demand(true, true, Duration.ofSeconds(3), RefereeConfigurationSpec.DEFAULT);

    var selector =
        configurations().validating(demand, BUNDLE).getWebhooks().getFirst().getNamespaceSelector();

    assertThat(selector.getMatchLabels()).isNullOrEmpty();
    assertThat(selector.getMatchExpressions())
        .singleElement()
        .satisfies(
            expression -> {
              assertThat(expression.getKey()).isEqualTo("kubernetes.io/metadata.name");
              assertThat(expression.getValues()).containsExactly("referee-system");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1:8443",
        "https://10.0.0.1:8443/validate",
        "https://user@10.0.0.1:8443",
        "https://10.0.0.1:8443?x",
        "https:opaque"
      })
  void refusesAUrlThatIsNone(String url) {
    assertThatThrownBy(() -> new WebhookEndpoint.AtUrl(URI.create(url)))
        .isInstanceOf(RuntimeException.class);
  }

  private static WebhookConfigurations configurations() {
    return new WebhookConfigurations(SERVICE, "referee-system", null);
  }

  private static void assertGolden(String name, Demand demand) throws IOException {
    var actual =
        Serialization.asYaml(configurations().validating(demand, BUNDLE))
            + Serialization.asYaml(configurations().mutating(demand, BUNDLE));
    var resource = "/golden/webhooks-" + name + ".yaml";
    if (WRITE) {
      Files.writeString(Path.of("src/test/resources" + resource), actual);
    }
    try (var golden = WebhookConfigurationsTest.class.getResourceAsStream(resource)) {
      assertThat(actual)
          .isEqualTo(new String(requireNonNull(golden, resource).readAllBytes(), UTF_8));
    }
  }
}
