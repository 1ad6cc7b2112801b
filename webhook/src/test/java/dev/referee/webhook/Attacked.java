package dev.referee.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.gate.FixedPolicies;
import dev.referee.gate.Gate;
import dev.referee.gate.NamespaceLabels;
import dev.referee.gate.ScaleTargets;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.Descriptor;
import dev.referee.testing.AdmissionReviews;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.verify.ProofMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What an attack is mounted on: a webhook over TLS that insists on a signature of everything in
/// one registry, a signed image, and an unsigned one.
final class Attacked implements AutoCloseable {
  static final String HOST = "registry.example.com";
  static final String REPOSITORY = HOST + "/shop/cart";
  static final String SIGNED = REPOSITORY + ":signed";
  static final String UNSIGNED = REPOSITORY + ":unsigned";
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final SigningKey KEY = SigningKey.p256();
  private static final ObjectMapper JSON = new ObjectMapper();

  final MemoryRepository repository = new MemoryRepository();
  final Map<ScaleTargets.Target, JsonNode> scaled = new ConcurrentHashMap<>();
  final List<Resource> resources = new ArrayList<>();
  final Descriptor signed;
  final Descriptor unsigned;
  ArtifactSources sources = repository;
  NamespaceLabels namespaces = NamespaceLabels.UNKNOWN;
  private final Path folder;
  private final List<RunningWebhook> running = new ArrayList<>();

  Attacked(Path folder) throws IOException {
    this.folder = folder;
    unsigned = Artifacts.image(repository, "unsigned", "unsigned");
    signed = Artifacts.image(repository, "signed", "signed");
    new CosignSigner(KEY).sign(repository, signed);
    resources.add(
        new Resource.Signer(
            ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "ci"),
            new SignerSpec(KeySpec.of(KEY.publicKeyPem(), null))));
    resources.add(policy("production", match(HOST + "/**")));
  }

  static Resource policy(String name, MatchSpec match) {
    return new Resource.Policy(
        ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, name),
        new ReferrerPolicySpec(match, Action.ENFORCE, null, null, null, List.of(signature(name))));
  }

  static RequirementSpec signature(String name) {
    return new RequirementSpec(name, new SignedBySpec(List.of("ci"), null), null, null);
  }

  static MatchSpec match(String image) {
    return new MatchSpec(List.of(image), null, null, null);
  }

  /// The signature of something as the key of this webhook's policies makes it.
  static void sign(MemoryRepository repository, Descriptor subject) throws IOException {
    new CosignSigner(KEY).sign(repository, subject);
  }

  void refuses(ObjectNode review, String... reasons) throws Exception {
    var answer = webhook().validate(review);
    assertThat(answer.path("allowed").asBoolean(true)).as(answer.toString()).isFalse();
    var message = assertThat(answer.path("status").path("message").asText());
    message.isNotBlank();
    for (var reason : reasons) {
      message.contains(reason);
    }
  }

  /// What keeps a test from passing because everything is refused.
  JsonNode allows(ObjectNode review) throws Exception {
    var answer = webhook().validate(review);
    assertThat(answer.path("allowed").asBoolean()).as(answer.toString()).isTrue();
    return answer;
  }

  JsonNode patch(ObjectNode review) throws Exception {
    return JSON.readTree(webhook().mutate(review).path("patch").binaryValue());
  }

  private RunningWebhook webhook() throws IOException {
    if (running.isEmpty()) {
      running.add(
          RunningWebhook.start(
              folder,
              new Gate(
                  FixedPolicies.of(resources),
                  namespaces,
                  sources,
                  ProofMemory.NONE,
                  InstantSource.system()),
              target -> Optional.ofNullable(scaled.get(target))));
    }
    return running.getFirst();
  }

  static ObjectNode pod(String... images) {
    return AdmissionReviews.podCreation("shop", "cart", images);
  }

  static ObjectNode object(ObjectNode review) {
    return (ObjectNode) review.path("request").path("object");
  }

  static ObjectNode update(String group, String kind, String resource, String before, String after)
      throws IOException {
    var review = AdmissionReviews.review(group, kind, resource, "UPDATE", "shop", "cart");
    var request = (ObjectNode) review.path("request");
    request.set("oldObject", yaml(before));
    request.set("object", yaml(after));
    return review;
  }

  static JsonNode yaml(String text) throws IOException {
    return YAML.readTree(text);
  }

  @Override
  public void close() {
    running.forEach(RunningWebhook::close);
  }
}
