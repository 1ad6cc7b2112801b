package dev.referee.webhook;

import static dev.referee.webhook.Attacked.REPOSITORY;
import static dev.referee.webhook.Attacked.SIGNED;
import static dev.referee.webhook.Attacked.UNSIGNED;
import static dev.referee.webhook.Attacked.match;
import static dev.referee.webhook.Attacked.object;
import static dev.referee.webhook.Attacked.pod;
import static dev.referee.webhook.Attacked.policy;
import static dev.referee.webhook.Attacked.update;
import static dev.referee.webhook.Attacked.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.LabelSelectorSpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.PolicyExceptionSpec;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.Unmatched;
import dev.referee.gate.ScaleTargets;
import dev.referee.testing.AdmissionReviews;
import dev.referee.testing.Artifacts;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How others were got past, one row for each advisory or issue: the verifier was right and the
/// admission did not ask it, or asked it about something else.
class BypassIT {
  @TempDir Path folder;

  @FunctionalInterface
  interface Attack {
    void mount(Attacked webhook) throws Exception;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("attacks")
  void fails(String advisory, String what, Attack attack) throws Exception {
    try (var webhook = new Attacked(folder)) {
      attack.mount(webhook);
    }
    assertThat(advisory + what).isNotBlank();
  }

  static Stream<Arguments> attacks() {
    return Stream.of(
        row("CVE-2022-47633", "a tag that is another image each time", RegistryAttacks::twoAnswers),
        row("CVE-2023-47630", "a digest header that lies", RegistryAttacks::lyingDigest),
        row("kyverno#16336", "a forged annotation of an earlier verdict", BypassIT::annotation),
        row("kyverno#15705", "an object in which no image is found", BypassIT::noImages),
        row("CVE-2023-2727, kyverno#16275", "an ephemeral container", BypassIT::ephemeral),
        row("CVE-2023-34091", "a pod that a finalizer holds", BypassIT::terminating),
        row("portieris#508", "no replicas, scaled later", BypassIT::scaledLater),
        row("policy-controller IsScalingDown", "fewer replicas, another image", BypassIT::fewer),
        row("connaisseur automatic child approval", "a forged owner", BypassIT::owner),
        row("portieris d3058143", "the pattern's host inside a path", BypassIT::hostInPath),
        row("CVE-2025-46342", "labels of a namespace not to be had", BypassIT::lostLabels),
        row("GHSA-gg4x-fgg2-h9w9", "two exceptions that overlap", BypassIT::exceptions),
        row("portieris, connaisseur: skip labels", "a label of the object", BypassIT::labels),
        row("policy-controller errorsToFieldErrors", "errors of any kind", RegistryAttacks::errors),
        row("kyverno#12630", "an index that only its parts are signed for", BypassIT::index),
        row("kyverno#17555", "an image volume", BypassIT::imageVolume));
  }

  private static Arguments row(String advisory, String what, Attack attack) {
    return Arguments.of(advisory, what, attack);
  }

  private static void annotation(Attacked webhook) throws Exception {
    var review = pod(UNSIGNED);
    var annotations = ((ObjectNode) object(review).path("metadata")).putObject("annotations");
    annotations.put("kyverno.io/verify-images", "{\"%s\":\"pass\"}".formatted(UNSIGNED));
    annotations.put("kyverno.io/image-verification-outcomes", "{\"p\":{\"status\":\"pass\"}}");
    annotations.put("images", UNSIGNED + " allowed");
    annotations.put("referee.dev/verified", "true");

    webhook.refuses(review, "UNSIGNED");
    webhook.allows(pod(SIGNED));
  }

  private static void noImages(Attacked webhook) throws Exception {
    for (var text : List.of("{}", "null", "[]", "{spec: {}}", "{spec: {containers: []}}", "5")) {
      var review = pod(SIGNED);
      ((ObjectNode) review.path("request")).set("object", yaml(text));
      webhook.refuses(review);
    }
    webhook.allows(pod(SIGNED));
  }

  private static void ephemeral(Attacked webhook) throws Exception {
    var before = "{spec: {containers: [{name: a, image: \"%s\"}]}}".formatted(SIGNED);
    for (var image : List.of(UNSIGNED, SIGNED)) {
      var after =
          "{spec: {containers: [{name: a, image: \"%s\"}], ephemeralContainers: [{name: b, image: \"%s\"}]}}"
              .formatted(SIGNED, image);
      var review = update("", "Pod", "pods", before, after);
      ((ObjectNode) review.path("request")).put("subResource", "ephemeralcontainers");
      if (image.equals(SIGNED)) {
        webhook.allows(review);
      } else {
        webhook.refuses(review, "UNSIGNED");
      }
    }
  }

  private static void terminating(Attacked webhook) throws Exception {
    var pod =
        "{metadata: {deletionTimestamp: \"2026-01-01T00:00:00Z\", finalizers: [a.example.com/b]},"
            + " spec: {containers: [{name: a, image: \"%s\"}]%s}}";
    var added = ", ephemeralContainers: [{name: b, image: \"%s\"}]".formatted(UNSIGNED);
    var review =
        update("", "Pod", "pods", pod.formatted(UNSIGNED, ""), pod.formatted(UNSIGNED, added));
    ((ObjectNode) review.path("request")).put("subResource", "ephemeralcontainers");
    webhook.refuses(review, "UNSIGNED");

    var replaced =
        update("", "Pod", "pods", pod.formatted(SIGNED, ""), pod.formatted(UNSIGNED, ""));
    webhook.refuses(replaced, "UNSIGNED");
    // What only loses its finalizer brings no image, and is not held.
    webhook.allows(
        update("", "Pod", "pods", pod.formatted(UNSIGNED, ""), pod.formatted(UNSIGNED, "")));
  }

  private static final String DEPLOYMENT =
      "{kind: Deployment, spec: {replicas: %d, template: {spec: {containers: [{name: a, image:"
          + " \"%s\"}]}}}}";

  private static void scaledLater(Attacked webhook) throws Exception {
    // Refused even while nothing would run.
    var creation =
        AdmissionReviews.review("apps", "Deployment", "deployments", "CREATE", "shop", "cart");
    ((ObjectNode) creation.path("request")).set("object", yaml(DEPLOYMENT.formatted(0, UNSIGNED)));
    webhook.refuses(creation, "UNSIGNED");

    // There before anybody asked for signatures; both ways to scale it.
    webhook.refuses(
        update(
            "apps",
            "Deployment",
            "deployments",
            DEPLOYMENT.formatted(0, UNSIGNED),
            DEPLOYMENT.formatted(2, UNSIGNED)),
        "UNSIGNED");
    var target = new ScaleTargets.Target("apps", "v1", "deployments", "shop", "cart");
    var scale = update("apps", "Scale", "deployments", "{spec: {}}", "{spec: {replicas: 2}}");
    var request = (ObjectNode) scale.path("request");
    request.put("subResource", "scale");
    request.putObject("kind").put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
    webhook.scaled.put(target, yaml(DEPLOYMENT.formatted(0, UNSIGNED)));
    webhook.refuses(scale, "UNSIGNED");
    webhook.scaled.put(target, yaml(DEPLOYMENT.formatted(0, SIGNED)));
    webhook.allows(scale);
  }

  private static void fewer(Attacked webhook) throws Exception {
    var before = DEPLOYMENT.formatted(3, SIGNED);
    webhook.refuses(
        update("apps", "Deployment", "deployments", before, DEPLOYMENT.formatted(1, UNSIGNED)),
        "UNSIGNED");
    webhook.allows(
        update("apps", "Deployment", "deployments", before, DEPLOYMENT.formatted(1, SIGNED)));
  }

  private static void owner(Attacked webhook) throws Exception {
    for (var image : List.of(UNSIGNED, SIGNED)) {
      var review = pod(image);
      ((ObjectNode) object(review).path("metadata"))
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "apps/v1")
          .put("kind", "ReplicaSet")
          .put("name", "approved")
          .put("uid", "5d6a6c66-0000-4000-8000-000000000000")
          .put("controller", true);
      if (image.equals(SIGNED)) {
        webhook.allows(review);
      } else {
        webhook.refuses(review, "UNSIGNED");
      }
    }
  }

  private static void hostInPath(Attacked webhook) throws Exception {
    webhook.resources.removeLast();
    webhook.resources.add(
        new Resource.Configuration(
            ResourceId.clusterWide(
                ResourceKind.REFEREE_CONFIGURATION, RefereeConfigurationSpec.NAME),
            RefereeConfigurationSpec.unmatched(Unmatched.DENY)));
    webhook.resources.add(policy("trusted", match("*.trusted.example.com/org/*")));
    var path = "trusted.example.com/org/evil@" + webhook.signed.digest();

    webhook.allows(pod("a." + path));
    for (var image : List.of("attacker.example.com/x.%s", "x.trusted.example.com.evil.com/%s")) {
      webhook.refuses(pod(image.formatted(path)), "NOT_MATCHED");
    }
  }

  private static void lostLabels(Attacked webhook) throws Exception {
    webhook.resources.removeLast();
    webhook.resources.add(
        policy(
            "only-production",
            new MatchSpec(
                null, null, new LabelSelectorSpec(Map.of("env", "production"), null), null)));
    webhook.namespaces =
        namespace ->
            switch (namespace) {
              case "development" -> Optional.of(Map.of("env", "development"));
              default -> Optional.empty();
            };
    webhook.refuses(pod(UNSIGNED), "UNSIGNED");
    webhook.allows(AdmissionReviews.podCreation("development", "cart", UNSIGNED));
  }

  private static void exceptions(Attacked webhook) throws Exception {
    var another = new RequirementSpec("another", new SignedBySpec(List.of("ci"), null), null, null);
    webhook.resources.removeLast();
    webhook.resources.add(
        new Resource.Policy(
            ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, "production"),
            new ReferrerPolicySpec(
                match(Attacked.HOST + "/**"),
                Action.ENFORCE,
                null,
                null,
                null,
                List.of(Attacked.signature("signed"), another))));
    webhook.resources.add(exception("narrow", "signed", REPOSITORY, 1));
    webhook.resources.add(exception("elsewhere", "*", REPOSITORY + "/other", 1));
    webhook.resources.add(exception("ended", "*", REPOSITORY, -1));

    webhook.refuses(pod(UNSIGNED), "another  UNSIGNED");
    webhook.allows(pod(REPOSITORY + "/other:unsigned"));
  }

  private static Resource exception(String name, String requirement, String image, int days) {
    return new Resource.PolicyException(
        ResourceId.clusterWide(ResourceKind.CLUSTER_POLICY_EXCEPTION, name),
        new PolicyExceptionSpec(
            List.of("production"),
            List.of(requirement),
            List.of(image),
            List.of("shop"),
            "a test",
            "somebody",
            Instant.now().plus(days, ChronoUnit.DAYS)));
  }

  private static void labels(Attacked webhook) throws Exception {
    var review = pod(UNSIGNED);
    var labels = ((ObjectNode) object(review).path("metadata")).putObject("labels");
    labels.put("securityenforcement.admission.ibm.com/namespace", "skip");
    labels.put("securesystemsengineering.connaisseur/webhook", "ignore");
    labels.put("policy.sigstore.dev/include", "false");
    labels.put("admission.gatekeeper.sh/ignore", "true");
    labels.put("referee.dev/ignore", "true");

    webhook.refuses(review, "UNSIGNED");
  }

  private static void index(Attacked webhook) throws Exception {
    var index =
        Artifacts.index(webhook.repository, List.of(webhook.signed, webhook.unsigned), "index");

    webhook.refuses(pod(REPOSITORY + ":index"), "UNSIGNED");
    Attacked.sign(webhook.repository, index);
    webhook.allows(pod(REPOSITORY + ":index"));
  }

  private static void imageVolume(Attacked webhook) throws Exception {
    for (var image : List.of(UNSIGNED, SIGNED)) {
      var review = pod(SIGNED);
      ((ObjectNode) object(review).path("spec"))
          .putArray("volumes")
          .addObject()
          .put("name", "v")
          .putObject("image")
          .put("reference", image);
      if (image.equals(SIGNED)) {
        webhook.allows(review);
      } else {
        webhook.refuses(review, "UNSIGNED");
      }
    }
  }
}
