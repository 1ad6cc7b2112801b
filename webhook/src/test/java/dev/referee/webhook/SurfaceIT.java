package dev.referee.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.CustomResourceSpec;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.RefereeConfigurationSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.gate.ScaleTargets;
import dev.referee.oci.Descriptor;
import dev.referee.testing.AdmissionReviews;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Everything through which an image gets into a cluster.
class SurfaceIT {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SigningKey KEY = SigningKey.p256();
  private static final String REPOSITORY = "registry.example.com/shop/cart";
  private static final String UNSIGNED = REPOSITORY + ":unsigned";
  private static final String SIGNED = REPOSITORY + ":signed";

  private final MemoryRepository repository = new MemoryRepository();
  private final Map<ScaleTargets.Target, JsonNode> targets = new ConcurrentHashMap<>();
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private RunningWebhook webhook;

  @SuppressWarnings("NullAway.Init")
  private Descriptor signed;

  @BeforeEach
  void start() throws IOException {
    Artifacts.image(repository, "unsigned", "unsigned");
    signed = Artifacts.image(repository, "signed", "signed");
    new CosignSigner(KEY).sign(repository, signed);
    webhook = start(Duration.ZERO);
  }

  private RunningWebhook start(Duration lameDuck) throws IOException {
    return RunningWebhook.start(
        folder,
        List.of(signer(), policy(), configuration()),
        repository,
        target -> Optional.ofNullable(targets.get(target)),
        lameDuck);
  }

  @AfterEach
  void stop() {
    webhook.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'',v1,ReplicationController,replicationcontrollers,'{spec: {template: {spec: {containers:"
        + " [{name: a, image: IMAGE}]}}}}'",
    "'',v1,PodTemplate,podtemplates,'{template: {spec: {containers: [{name: a, image: IMAGE}]}}}'",
    "apps,v1,Deployment,deployments,'{spec: {template: {spec: {initContainers: [{name: a, image:"
        + " IMAGE}]}}}}'",
    "apps,v1,ReplicaSet,replicasets,'{spec: {template: {spec: {containers: [{name: a, image:"
        + " IMAGE}]}}}}'",
    "apps,v1,StatefulSet,statefulsets,'{spec: {template: {spec: {containers: [{name: a, image:"
        + " IMAGE}]}}}}'",
    "apps,v1,DaemonSet,daemonsets,'{spec: {template: {spec: {containers: [{name: a, image:"
        + " IMAGE}]}}}}'",
    "batch,v1,Job,jobs,'{spec: {template: {spec: {containers: [{name: a, image: IMAGE}]}}}}'",
    "batch,v1,CronJob,cronjobs,'{spec: {jobTemplate: {spec: {template: {spec: {containers: [{name:"
        + " a, image: IMAGE}]}}}}}}'",
    "'',v1,Pod,pods,'{spec: {containers: [{name: a, image:"
        + " \"registry.example.com/shop/cart:signed\"}], volumes: [{name: v, image: {reference:"
        + " IMAGE}}]}}'",
    "argoproj.io,v1alpha1,Rollout,rollouts,'{spec: {template: {spec: {containers: [{name: a, image:"
        + " IMAGE}]}}}}'",
    "tekton.dev,v1,Task,tasks,'{spec: {steps: [{name: s, image: IMAGE}]}}'",
    "example.com,v1,Farm,farms,'{spec: {pools: {a: {pod: {containers: [{name: a, image:"
        + " IMAGE}]}}}}}'",
  })
  void judgesEveryKind(String group, String version, String kind, String resource, String object)
      throws Exception {
    var denied = webhook.validate(creation(group, kind, resource, object, UNSIGNED));
    assertThat(denied.path("allowed").asBoolean(true)).isFalse();
    assertThat(denied.path("status").path("message").asText()).contains("UNSIGNED", UNSIGNED);

    var allowed = webhook.validate(creation(group, kind, resource, object, SIGNED));
    assertThat(allowed.path("allowed").asBoolean()).as(allowed.toString()).isTrue();
    assertThat(allowed.path("auditAnnotations").path("images").asText())
        .contains(SIGNED, signed.digest().toString(), "allowed");
    assertThat(version).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "argoproj.io,Rollout,rollouts,'{spec: {template: 5}}'",
    "argoproj.io,Rollout,rollouts,'{spec: 5}'",
    "tekton.dev,Task,tasks,'{spec: {steps: {a: b}}}'",
    "tekton.dev,Task,tasks,'{spec: {steps: [{image: 5}]}}'",
    "other.example.com,Thing,things,'{spec: {image: IMAGE}}'",
  })
  void refusesWhatItCannotRead(String group, String kind, String resource, String object)
      throws Exception {
    var denied = webhook.validate(creation(group, kind, resource, object, SIGNED));

    assertThat(denied.path("allowed").asBoolean(true)).isFalse();
  }

  @Test
  void judgesAnObjectThatIsScaledUpAndNotOneThatIsScaledDown() throws Exception {
    var deployment =
        "{kind: Deployment, spec: {template: {spec: {containers: [{name: a, image: IMAGE}]}}}}";
    targets.put(
        new ScaleTargets.Target("apps", "v1", "deployments", "shop", "cart"),
        yaml(deployment.replace("IMAGE", UNSIGNED)));

    assertThat(scale(1, 5).path("allowed").asBoolean(true)).isFalse();
    assertThat(scale(5, 1).path("allowed").asBoolean()).isTrue();
    assertThat(scale(1, 1).path("allowed").asBoolean()).isTrue();

    targets.replaceAll((_, _) -> yaml(deployment.replace("IMAGE", SIGNED)));
    assertThat(scale(1, 5).path("allowed").asBoolean()).isTrue();

    targets.clear();
    assertThat(scale(1, 5).path("status").path("message").asText()).contains("cannot be read");
  }

  private JsonNode scale(int from, int to) throws Exception {
    var review = AdmissionReviews.review("apps", "Scale", "deployments", "UPDATE", "shop", "cart");
    var request = (ObjectNode) review.path("request");
    request.putObject("kind").put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
    request.put("subResource", "scale");
    request.set("object", yaml("{spec: {replicas: %d}}".formatted(to)));
    request.set("oldObject", yaml("{spec: {replicas: %d}}".formatted(from)));
    return webhook.validate(review);
  }

  @Test
  void judgesADeploymentThatGrowsByBeingReplaced() throws Exception {
    var object =
        "{spec: {replicas: %d, template: {spec: {containers: [{name: a, image: \"%s\"}]}}}}";

    assertThat(update(object.formatted(1, UNSIGNED), object.formatted(3, UNSIGNED))).isFalse();
    assertThat(update(object.formatted(3, UNSIGNED), object.formatted(1, UNSIGNED))).isTrue();
    assertThat(update(object.formatted(1, SIGNED), object.formatted(3, SIGNED))).isTrue();
  }

  private boolean update(String before, String after) throws Exception {
    var review =
        AdmissionReviews.review("apps", "Deployment", "deployments", "UPDATE", "shop", "cart");
    var request = (ObjectNode) review.path("request");
    request.set("object", yaml(after));
    request.set("oldObject", yaml(before));
    return webhook.validate(review).path("allowed").asBoolean();
  }

  @Test
  void pinsTheImagesOfPodsAndRefusesNone() throws Exception {
    var review = AdmissionReviews.podCreation("shop", "cart", SIGNED, UNSIGNED, "other.io/app:1");
    var answer = webhook.mutate(review);

    assertThat(answer.path("allowed").asBoolean()).isTrue();
    assertThat(answer.path("patchType").asText()).isEqualTo("JSONPatch");
    var patch = JSON.readTree(answer.path("patch").binaryValue());
    assertThat(patch.findValuesAsText("path"))
        .containsExactly(
            "/spec/containers/0/image",
            "/spec/containers/0/image",
            "/spec/containers/1/image",
            "/spec/containers/1/image");
    assertThat(patch.findValuesAsText("op")).containsExactly("test", "replace", "test", "replace");
    assertThat(patch.path(1).path("value").asText()).isEqualTo(SIGNED + "@" + signed.digest());

    // What is pinned is judged by its digest, whatever the tag says.
    var pinned =
        AdmissionReviews.podCreation("shop", "cart", "%s@%s".formatted(UNSIGNED, signed.digest()));
    assertThat(webhook.mutate(pinned).has("patch")).isFalse();
    assertThat(webhook.validate(pinned).path("allowed").asBoolean()).isTrue();
  }

  @Test
  void pinsNeitherTemplatesNorWhatCannotBeResolvedOrRead() throws Exception {
    var object = "{spec: {template: {spec: {containers: [{name: a, image: IMAGE}]}}}}";
    var reviews =
        List.of(
            creation("apps", "Deployment", "deployments", object, SIGNED),
            AdmissionReviews.podCreation("shop", "cart", REPOSITORY + ":missing"),
            AdmissionReviews.podCreation("shop", "cart", "NOT AN IMAGE"),
            creation("", "Pod", "pods", "{spec: {containers: 5}}", SIGNED));
    for (var review : reviews) {
      var answer = webhook.mutate(review);
      assertThat(answer.path("allowed").asBoolean()).isTrue();
      assertThat(answer.has("patch")).isFalse();
    }
  }

  @Test
  void countsWhatItAnswersAndWhy() throws Exception {
    webhook.validate(AdmissionReviews.podCreation("shop", "cart", SIGNED));
    webhook.validate(AdmissionReviews.podCreation("shop", "cart", UNSIGNED));

    assertThat(webhook.get("/metrics").body())
        .contains(
            "referee_admission_duration_seconds_count{endpoint=\"/validate\",outcome=\"allowed\"}"
                + " 1")
        .contains("referee_admission_failures_total{action=\"ENFORCE\",reason=\"UNSIGNED\"} 1.0")
        .contains("referee_admission_images_total{decision=\"denied\"} 1.0")
        // Nothing that users name.
        .doesNotContain("cart");
  }

  /// Not one review may fail, or go unverified, while certificates change under load.
  @Test
  void losesNoReviewWhileItsCertificateIsRenewed() throws Exception {
    var load = new Load(webhook);
    for (int renewals = 0; renewals < 3; renewals++) {
      long before = load.answered.get();
      webhook.renewCertificate();
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> load.answered.get() > before + 200 || load.failed.get() > 0);
    }
    load.stop();

    assertThat(load.failures).isEmpty();
    assertThat(load.failed).hasValue(0);
    assertThat(load.answered.get()).isGreaterThan(600);
  }

  /// An API server that hears of the end in time loses nothing: it is still answered.
  @Test
  void losesNoReviewWhenItEnds() throws Exception {
    webhook.close();
    webhook = start(Duration.ofSeconds(2));
    var load = new Load(webhook);
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> load.answered.get() > 200);
    var draining = Thread.ofVirtual().start(() -> webhook.drain(Duration.ofMinutes(1)));
    // As a Service does with an endpoint that says it is not ready.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> webhook.get("/readyz").statusCode() == 503);
    load.stop();
    draining.join();

    assertThat(load.failures).isEmpty();
    assertThat(load.failed).hasValue(0);
  }

  /// Reviews by several clients, each of which must be refused for its reason.
  private static final class Load {
    private static final int CLIENTS = 4;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Future<?>> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Load(RunningWebhook webhook) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(() -> run(webhook)));
      }
    }

    private void run(RunningWebhook webhook) {
      var review = AdmissionReviews.podCreation("shop", "cart", UNSIGNED).toString();
      for (int i = 0; !stopped.get(); i++) {
        // New connections now and then, to meet both certificates.
        try (HttpClient client = webhook.newClient()) {
          for (int j = 0; j < 20 && !stopped.get(); j++) {
            var response = webhook.send(client, "POST", "/validate?timeout=10s", review);
            if (response.statusCode() == 200 && response.body().contains("UNSIGNED")) {
              answered.incrementAndGet();
            } else {
              fail(response.statusCode() + " " + response.body());
            }
          }
        } catch (IOException e) {
          fail("client %d: %s".formatted(i, e));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    private void fail(String what) {
      failed.incrementAndGet();
      if (failures.size() < 10) {
        failures.add(what);
      }
    }

    void stop() throws Exception {
      stopped.set(true);
      for (var client : clients) {
        client.get(2, TimeUnit.MINUTES);
      }
      threads.close();
    }
  }

  private static ObjectNode creation(
      String group, String kind, String resource, String object, String image) {
    var review = AdmissionReviews.review(group, kind, resource, "CREATE", "shop", "cart");
    ((ObjectNode) review.path("request"))
        .set("object", yaml(object.replace("IMAGE", "\"" + image + "\"")));
    return review;
  }

  private static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Resource signer() {
    return new Resource.Signer(
        ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "ci"),
        new SignerSpec(KeySpec.of(KEY.publicKeyPem(), null)));
  }

  private static Resource policy() {
    return new Resource.Policy(
        ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, "production"),
        new ReferrerPolicySpec(
            new MatchSpec(List.of("registry.example.com/shop/**"), null, null, null),
            Action.ENFORCE,
            null,
            null,
            null,
            List.of(
                new RequirementSpec("signed", new SignedBySpec(List.of("ci"), null), null, null))));
  }

  private static Resource configuration() {
    return new Resource.Configuration(
        ResourceId.clusterWide(ResourceKind.REFEREE_CONFIGURATION, RefereeConfigurationSpec.NAME),
        new RefereeConfigurationSpec(
            null,
            List.of(
                new CustomResourceSpec(
                    "argoproj.io", "rollouts", List.of("spec.template"), null, null),
                new CustomResourceSpec(
                    "tekton.dev", "tasks", null, null, List.of("spec.steps[*].image")),
                new CustomResourceSpec(
                    "example.com", "farms", null, List.of("spec.pools.*.pod"), null)),
            null,
            null,
            null,
            null));
  }
}
