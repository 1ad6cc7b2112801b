package dev.referee.operator.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ResourceKind;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The webhook configurations that there should be. Pure. Every field is written out that the API
/// server would fill in otherwise, so that what is there can be compared with what should be.
public final class WebhookConfigurations {
  /// Both are called so.
  public static final String NAME = "referee";

  /// Reviews what brings images.
  public static final String IMAGES = "images.referee.dev";

  /// Reviews our own objects.
  public static final String POLICIES = "policies.referee.dev";

  /// Writes digests into pods.
  public static final String PINS = "pins.referee.dev";

  /// Every namespace has it, and nobody can change it.
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private static final int MIN_TIMEOUT_SECONDS = 10;

  /// The API server allows no more.
  private static final int MAX_TIMEOUT_SECONDS = 30;

  /// For the way there and back, beyond the time of a decision.
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /// The pods without which no node works are never held up by a Referee that does not work: it
  /// could never come back. Whoever may create pods of that class in that namespace owns the
  /// cluster already.
  private static final MatchCondition NOT_NODE_CRITICAL =
      new MatchCondition(
          """
          !(request.namespace == 'kube-system' && request.resource.resource == 'pods' \
          && has(object.spec) && has(object.spec.priorityClassName) \
          && object.spec.priorityClassName == 'system-node-critical')\
          """,
          "not-node-critical");

  private final WebhookEndpoint endpoint;
  private final String ownNamespace;
  private final @Nullable OwnerReference owner;

  /// @param ownNamespace where Referee runs; its own pods must come up while it is down
  /// @param owner goes first when Referee is uninstalled, and takes the configurations with it;
  ///   null where nothing does
  public WebhookConfigurations(
      WebhookEndpoint endpoint, String ownNamespace, @Nullable OwnerReference owner) {
    this.endpoint = requireNonNull(endpoint, "endpoint is null");
    this.ownNamespace = requireNonNull(ownNamespace, "ownNamespace is null");
    this.owner = owner;
  }

  /// Who refuses.
  ///
  /// @param bundle the authorities of the webhook's certificate (PEM)
  public ValidatingWebhookConfiguration validating(Demand demand, String bundle) {
    var webhooks = new ArrayList<ValidatingWebhook>();
    if (demand.images()) {
      webhooks.add(
          validating(IMAGES, "Fail", bundle)
              .withRules(ImageRules.all(demand.configuration().customResources()))
              .withNamespaceSelector(reviewed(demand.configuration()))
              .withMatchConditions(NOT_NODE_CRITICAL)
              .withTimeoutSeconds(timeoutSeconds(demand.budget()))
              .build());
    }
    // Nothing depends on this one: an object that makes no sense denies what it decides, and a
    // policy can be corrected while the webhook is down.
    webhooks.add(
        validating(POLICIES, "Ignore", bundle)
            .withRules(ImageRules.own(ResourceKind.GROUP))
            .withNamespaceSelector(new LabelSelector())
            .withTimeoutSeconds(MIN_TIMEOUT_SECONDS)
            .build());
    return new ValidatingWebhookConfigurationBuilder()
        .withMetadata(metadata())
        .withWebhooks(webhooks)
        .build();
  }

  /// Who pins. Without a policy that asks for it there is nobody.
  ///
  /// @param bundle the authorities of the webhook's certificate (PEM)
  public MutatingWebhookConfiguration mutating(Demand demand, String bundle) {
    var configuration = new MutatingWebhookConfigurationBuilder().withMetadata(metadata());
    if (demand.pins()) {
      configuration.withWebhooks(
          new MutatingWebhookBuilder()
              .withName(PINS)
              .withClientConfig(endpoint.clientConfig("/mutate", encoded(bundle)))
              .withRules(ImageRules.pods())
              .withFailurePolicy("Fail")
              .withMatchPolicy("Equivalent")
              .withNamespaceSelector(reviewed(demand.configuration()))
              .withObjectSelector(new LabelSelector())
              .withSideEffects("None")
              .withAdmissionReviewVersions("v1")
              .withReinvocationPolicy("IfNeeded")
              .withMatchConditions(NOT_NODE_CRITICAL)
              .withTimeoutSeconds(timeoutSeconds(demand.budget()))
              .build());
    }
    return configuration.build();
  }

  private ValidatingWebhookBuilder validating(String name, String failurePolicy, String bundle) {
    return new ValidatingWebhookBuilder()
        .withName(name)
        .withClientConfig(endpoint.clientConfig("/validate", encoded(bundle)))
        .withFailurePolicy(failurePolicy)
        .withMatchPolicy("Equivalent")
        .withObjectSelector(new LabelSelector())
        .withSideEffects("None")
        .withAdmissionReviewVersions("v1");
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder()
        .withName(NAME)
        .addToLabels("app.kubernetes.io/part-of", "referee")
        .addToLabels("app.kubernetes.io/managed-by", "referee-operator")
        .withOwnerReferences(owner == null ? List.of() : List.of(owner))
        .build();
  }

  /// Which namespaces are asked about: by names, which nobody can change, unless an administrator
  /// configured a label.
  private LabelSelector reviewed(RefereeConfigurationSpec configuration) {
    var excluded = new TreeSet<>(configuration.excludedNamespaces());
    excluded.add(ownNamespace);
    var selector =
        new LabelSelectorBuilder()
            .addNewMatchExpression()
            .withKey(NAMESPACE_NAME)
            .withOperator("NotIn")
            .withValues(List.copyOf(excluded))
            .endMatchExpression();
    var bypass = configuration.bypassLabel();
    if (bypass != null) {
      selector
          .addNewMatchExpression()
          .withKey(bypass)
          .withOperator("DoesNotExist")
          .endMatchExpression();
    }
    return selector.build();
  }

  private static int timeoutSeconds(Duration budget) {
    long seconds = budget.plus(MARGIN).plusMillis(999).toSeconds();
    return Math.clamp(seconds, MIN_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS);
  }

  private static String encoded(String bundle) {
    return Base64.getEncoder().encodeToString(bundle.getBytes(US_ASCII));
  }
}
