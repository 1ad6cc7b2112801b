package dev.referee.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.MatchSpec;
import dev.referee.api.v1alpha1.OnError;
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
import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.server.ListenAddress;
import dev.referee.server.Metrics;
import dev.referee.server.TlsFiles;
import dev.referee.testing.AdmissionReviews;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.TrustedClient;
import dev.referee.verify.ProofMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The webhook over TLS, asked as an API server asks.
class WebhookIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SigningKey KEY = SigningKey.p256();
  private static final String REPOSITORY = "registry.example.com/shop/cart";

  private final MemoryRepository repository = new MemoryRepository();
  private final CertificateAuthority authority = CertificateAuthority.create("CN=test");
  private final HttpClient http = TrustedClient.of(authority.certificate());
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Webhook webhook;

  private final Metrics metrics = new Metrics();

  @BeforeEach
  void start() throws IOException {
    var certificate = authority.server("CN=webhook", List.of("127.0.0.1"));
    var chain = Files.writeString(folder.resolve("tls.crt"), certificate.certificatePem());
    var key = Files.writeString(folder.resolve("tls.key"), certificate.keyPem());
    var gate =
        new Gate(
            FixedPolicies.of(
                List.of(
                    signer(),
                    policy(
                        "enforced", Action.ENFORCE, OnError.DENY, "registry.example.com/shop/**"),
                    policy("warned", Action.WARN, OnError.DENY, "registry.example.com/warn/**"),
                    policy("audited", Action.AUDIT, OnError.DENY, "registry.example.com/audit/**"),
                    policy(
                        "lenient",
                        Action.ENFORCE,
                        OnError.ALLOW,
                        "registry.example.com/lenient/**"))),
            NamespaceLabels.UNKNOWN,
            repository,
            ProofMemory.NONE,
            InstantSource.system());
    webhook =
        Webhook.start(
            new WebhookConfig(ListenAddress.parse("127.0.0.1:0"), new TlsFiles(chain, key)),
            gate,
            ScaleTargets.UNKNOWN,
            metrics);
  }

  @AfterEach
  void stop() {
    webhook.close();
    metrics.close();
  }

  @Test
  void admitsASignedImageAndRefusesAnUnsignedOne() throws Exception {
    var signed = Artifacts.image(repository, "signed", "signed");
    var unsigned = Artifacts.image(repository, "unsigned", "unsigned");
    new CosignSigner(KEY).sign(repository, signed);

    assertThat(allowed(pod(REPOSITORY + "@" + signed.digest()))).isTrue();
    assertThat(allowed(pod(REPOSITORY + ":signed"))).isTrue();
    var denied = post(pod(REPOSITORY + ":unsigned"));

    assertThat(denied.path("allowed").asBoolean(true)).isFalse();
    assertThat(denied.path("status").path("code").asInt()).isEqualTo(403);
    assertThat(message(denied))
        .contains("image registry.example.com/shop/cart:unsigned (%s)".formatted(unsigned.digest()))
        .contains("not allowed by ClusterReferrerPolicy/enforced")
        .contains("signed  UNSIGNED  no signature by ci; looked at 0 referrers");
  }

  @Test
  void judgesEveryKindOfContainerAndNamesThePlace() throws Exception {
    var signed = signedImage();
    Artifacts.image(repository, "unsigned", "unsigned");
    for (var list : List.of("initContainers", "ephemeralContainers")) {
      var review = pod(REPOSITORY + "@" + signed.digest());
      ((ObjectNode) review.path("request").path("object").path("spec"))
          .putArray(list)
          .addObject()
          .put("name", "x")
          .put("image", REPOSITORY + ":unsigned");

      var denied = post(review);

      assertThat(denied.path("allowed").asBoolean(true)).isFalse();
      assertThat(message(denied)).contains("spec.%s[0].image: image ".formatted(list));
    }
  }

  /// CVE-2023-2727: what is added to a running pod.
  @Test
  void judgesAnEphemeralContainerThatIsAdded() throws Exception {
    Artifacts.image(repository, "unsigned", "unsigned");
    var review = AdmissionReviews.review("", "Pod", "pods", "UPDATE", "shop", "cart");
    var request = (ObjectNode) review.path("request");
    request.put("subResource", "ephemeralcontainers");
    var before = AdmissionReviews.pod("shop", "cart", Map.of(), "registry.example.com/shop/old");
    var after = before.deepCopy();
    ((ObjectNode) after.path("spec"))
        .putArray("ephemeralContainers")
        .addObject()
        .put("name", "debug")
        .put("image", REPOSITORY + ":unsigned");
    request.set("oldObject", before);
    request.set("object", after);

    assertThat(message(post(review))).contains("UNSIGNED");

    request.set("object", before);
    assertThat(allowed(review)).isTrue();
  }

  /// kyverno#16336: nothing that stands in the object's metadata is believed.
  @Test
  void believesNoAnnotationAndNoOwner() throws Exception {
    Artifacts.image(repository, "unsigned", "unsigned");
    var review = pod(REPOSITORY + ":unsigned");
    var metadata = (ObjectNode) review.path("request").path("object").path("metadata");
    metadata.putObject("annotations").put("referee.dev/verified", "true");
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("kind", "ReplicaSet")
        .put("name", "approved");

    assertThat(allowed(review)).isFalse();
  }

  @Test
  void warnsAuditsAndForgivesAsPoliciesSay() throws Exception {
    var image = Artifacts.image(repository, "image", "v1");

    var warned = post(pod("registry.example.com/warn/app@" + image.digest()));
    assertThat(warned.path("allowed").asBoolean()).isTrue();
    assertThat(warned.path("warnings").path(0).asText())
        .startsWith("image registry.example.com/warn/app@sha256:")
        .contains("ClusterReferrerPolicy/warned: signed UNSIGNED");

    var audited = post(pod("registry.example.com/audit/app@" + image.digest()));
    assertThat(audited.path("allowed").asBoolean()).isTrue();
    assertThat(audited.has("warnings")).isFalse();

    assertThat(allowed(pod("registry.example.com/lenient/app@" + image.digest()))).isFalse();
    repository.fail("referrers " + image.digest(), SourceReason.UNREACHABLE);
    var forgiven = post(pod("registry.example.com/lenient/app@" + image.digest()));
    assertThat(forgiven.path("allowed").asBoolean()).isTrue();
    assertThat(forgiven.path("warnings").path(0).asText()).contains("REGISTRY_UNREACHABLE");
    assertThat(allowed(pod(REPOSITORY + "@" + image.digest()))).isFalse();
  }

  @Test
  void answersEverythingWithAVerdict() throws Exception {
    assertDenied("", "");
    assertDenied("nonsense", "");
    assertDenied("{\"request\":{\"uid\":\"u1\"}}", "u1");
    assertDenied("x".repeat(ReviewCodec.MAX_BYTES + 1), "");

    var invalid = post(pod("Not A Reference"));
    assertThat(message(invalid)).contains("spec.containers[0].image is not allowed");
    var empty = AdmissionReviews.review("", "Pod", "pods", "CREATE", "shop", "cart");
    assertThat(message(post(empty))).contains("the request has no object");
    var foreign = AdmissionReviews.review("example.com", "Thing", "things", "CREATE", "shop", "x");
    ((ObjectNode) foreign.path("request")).putObject("object");
    assertThat(message(post(foreign))).contains("not known where a Thing has images");
  }

  @Test
  void letsObjectsBeDeleted() throws Exception {
    var review = AdmissionReviews.review("", "Pod", "pods", "DELETE", "shop", "cart");

    assertThat(allowed(review)).isTrue();
  }

  @Test
  void tellsTheAuthorOfAPolicyWhatIsWrongWithIt() throws Exception {
    assertThat(message(post(ownKind("{\"require\":[{\"name\":\"a\",\"signed\":{}}]}"))))
        .contains("spec.require[0].signed is not a known field")
        .contains("UnknownField");
    assertThat(
            message(
                post(
                    ownKind(
                        "{\"match\":{\"images\":[\"nginx:1\"]},\"require\":[{\"name\":\"a\",\"deny\":{\"message\":\"m\"}}]}"))))
        .contains("has a tag or digest");
    // Whom it names may come later.
    assertThat(
            allowed(ownKind("{\"require\":[{\"name\":\"a\",\"signature\":{\"by\":[\"later\"]}}]}")))
        .isTrue();
  }

  @Test
  void knowsNoOtherPathsAndMethods() throws Exception {
    assertThat(send("GET", "/validate", "").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/other", "{}").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/readyz", "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/livez", "").statusCode()).isEqualTo(200);
  }

  private void assertDenied(String body, String uid) throws Exception {
    var response = send("POST", "/validate?timeout=5s", body);
    assertThat(response.statusCode()).isEqualTo(200);
    var answer = JSON.readTree(response.body()).path("response");
    assertThat(answer.path("allowed").asBoolean(true)).isFalse();
    assertThat(answer.path("uid").asText()).isEqualTo(uid);
    assertThat(message(answer)).isNotBlank();
  }

  private boolean allowed(ObjectNode review) throws Exception {
    return post(review).path("allowed").asBoolean();
  }

  private JsonNode post(ObjectNode review) throws Exception {
    var response = send("POST", "/validate?timeout=10s", review.toString());
    assertThat(response.statusCode()).isEqualTo(200);
    var answer = JSON.readTree(response.body()).path("response");
    assertThat(answer.path("uid")).isEqualTo(review.path("request").path("uid"));
    return answer;
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(webhook.uri() + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static String message(JsonNode response) {
    return response.path("status").path("message").asText();
  }

  private static ObjectNode pod(String image) {
    return AdmissionReviews.podCreation("shop", "cart", image);
  }

  private static ObjectNode ownKind(String spec) throws IOException {
    var review =
        AdmissionReviews.review(
            "referee.dev", "ClusterReferrerPolicy", "clusterreferrerpolicies", "CREATE", "", "p");
    var object =
        JSON.readTree(
            "{\"apiVersion\":\"referee.dev/v1alpha1\",\"kind\":\"ClusterReferrerPolicy\",\"metadata\":{\"name\":\"p\"},\"spec\":%s}"
                .formatted(spec));
    ((ObjectNode) review.path("request")).set("object", object);
    return review;
  }

  private Descriptor signedImage() throws SourceException {
    var image = Artifacts.image(repository, "signed", "signed");
    new CosignSigner(KEY).sign(repository, image);
    return image;
  }

  private static Resource signer() {
    return new Resource.Signer(
        ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "ci"),
        new SignerSpec(KeySpec.of(KEY.publicKeyPem(), null)));
  }

  private static Resource policy(String name, Action action, OnError onError, String images) {
    return new Resource.Policy(
        ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, name),
        new ReferrerPolicySpec(
            new MatchSpec(List.of(images), null, null, null),
            action,
            onError,
            null,
            null,
            List.of(
                new RequirementSpec("signed", new SignedBySpec(List.of("ci"), null), null, null))));
  }
}
