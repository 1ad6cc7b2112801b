package dev.referee.e2e.registries;

import static dev.referee.e2e.registries.RegistryUser.PATIENCE;
import static dev.referee.e2e.registries.RegistryUser.condition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.e2e.cluster.Cluster;
import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What becomes of an OciRegistry: its objects, its status, and how both are kept right. No pod
/// need run for that.
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OciRegistryE2E {
  private static final String VOLUME = "{storage: {persistentVolume: {size: 1Gi}}}";

  private Cluster cluster;
  private RunningOperator operator;
  private TemporaryNamespace namespace;
  private RegistryUser user;

  @BeforeAll
  void startOperator(Cluster cluster) {
    this.cluster = cluster;
    operator = RunningOperator.start(cluster, "registry.test/referee:none");
  }

  @AfterAll
  void stopOperator() {
    if (operator != null) {
      operator.close();
    }
  }

  @BeforeEach
  void makeNamespace() {
    namespace = TemporaryNamespace.in(cluster, Map.of());
    user = new RegistryUser(cluster, namespace);
    operator.grantSecrets(namespace.name());
  }

  @AfterEach
  void removeNamespace() {
    namespace.close();
  }

  @Test
  void makesAllThatARegistryIsMadeOf() throws GeneralSecurityException {
    user.apply("images", VOLUME);

    var status = awaitEndpoint("images");

    assertThat(operator.isHealthy()).isTrue();
    assertThat(status.path("endpoint").asText())
        .isEqualTo("images.%s.svc.cluster.local:5000".formatted(namespace.name()));
    assertThat(condition(status).path("status").asText()).isEqualTo("False");
    assertThat(condition(status).path("observedGeneration").asLong()).isEqualTo(1);
    assertThat(status.has("storedBytes")).isFalse();
    var made =
        user.kubectl()
            .succeed(
                "-n",
                namespace.name(),
                "get",
                "statefulsets,services,secrets,configmaps,serviceaccounts,networkpolicies,pdb",
                "--selector=app.kubernetes.io/instance=images",
                "-o",
                "name")
            .text();
    assertThat(made.lines())
        .containsExactlyInAnyOrder(
            "statefulset.apps/images",
            "service/images",
            "service/images-pods",
            "secret/images-authority",
            "secret/images-tls",
            "configmap/images-access",
            "configmap/images-ca",
            "serviceaccount/images",
            "networkpolicy.networking.k8s.io/images",
            "poddisruptionbudget.policy/images");
    RegistryCertificate.assertServes(user, status);
  }

  @Test
  void tellsItsPodsWhatToRemoveAndWhatToKeep() {
    user.apply(
        "images",
        """
        {storage: {persistentVolume: {size: 1Gi}}, retention: {untagged: 48h},
          overlays: [{prefix: evidence}]}
        """);
    var _ = awaitEndpoint("images");

    var arguments =
        user.kubectl()
            .succeed(
                "-n",
                namespace.name(),
                "get",
                "statefulset",
                "images",
                "-o",
                "jsonpath={.spec.template.spec.containers[0].args}")
            .text();

    // What the API server filled in, too.
    assertThat(arguments)
        .contains(
            "\"--collect\",\"on\"",
            "\"--collect-every\",\"60m\"",
            "\"--collect-grace\",\"1440m\"",
            "\"--keep-untagged\",\"2880m\"",
            "\"--upstreams\"");
  }

  @Test
  void mirrorsOtherRegistriesWithCredentialsThatAreASecret() {
    user.apply(
        "images",
        """
        {storage: {persistentVolume: {size: 1Gi}}, mirrors: [
          {prefix: hub, upstream: docker.io, credentialsRef: {name: hub}},
          {prefix: lab, upstream: "lab.test:5001/acme", plainHTTP: true}]}
        """);
    assertThat(message(user.awaitReason("images", "SecretNotFound")))
        .contains("Secret hub, which spec.mirrors[hub].credentialsRef names");
    user.secret("hub", Map.of(".dockerconfigjson", "no json"));
    assertThat(message(user.awaitReason("images", "SecretIncomplete")))
        .contains(".dockerconfigjson that can be read")
        .doesNotContain("no json");
    user.client().secrets().inNamespace(namespace.name()).withName("hub").delete();
    user.secret("hub", Map.of(".dockerconfigjson", "{\"auths\": {}}"));
    var _ = awaitEndpoint("images");

    var set =
        user.client().apps().statefulSets().inNamespace(namespace.name()).withName("images").get();
    assertThat(set.getSpec().getTemplate().getSpec().getVolumes())
        .anyMatch(
            volume ->
                volume.getSecret() != null && volume.getSecret().getSecretName().equals("hub"));
    var files =
        user.client().configMaps().inNamespace(namespace.name()).withName("images-access").get();
    assertThat(files.getData().toString())
        .contains(
            "\"upstream\" : \"docker.io\"",
            "\"credentialsFile\" : \"/etc/referee/upstreams/hub/config.json\"",
            "\"upstream\" : \"lab.test:5001/acme\"");
    var policy =
        user.client()
            .network()
            .v1()
            .networkPolicies()
            .inNamespace(namespace.name())
            .withName("images")
            .get();
    assertThat(policy.getSpec().getEgress().getFirst().getPorts())
        .extracting(port -> port.getPort().getIntVal())
        .containsExactly(53, 53, 443, 5001);
  }

  @Test
  void saysWhichMirrorCannotBe() {
    var own = "itself.%s.svc.cluster.local:5000".formatted(namespace.name());
    user.apply("itself", mirror("upstream: \"%s/hub\"".formatted(own)));
    user.apply(
        "garbled",
        mirror(
            "upstream: r.test, caBundle: \"-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----\""
                .formatted("A".repeat(64))));

    assertThat(message(user.awaitReason("itself", "MirrorOfItself"))).contains("spec.mirrors[hub]");
    assertThat(message(user.awaitReason("garbled", "CertificateInvalid")))
        .contains("spec.mirrors[hub].caBundle");
    for (var refused :
        Map.of(
                mirror("upstream: \"https://docker.io\""), "spec.mirrors[0].upstream",
                mirror("upstream: r.test, plainHTTP: true, credentialsRef: {name: s}"),
                    "credentials are not sent to a registry without TLS",
                mirror("upstream: r.test, refresh: 0s"), "refresh is a duration from 1s to 720h",
                mirror("upstream: r.test}], overlays: [{prefix: hub"),
                    "a prefix is an overlay or a mirror, not both")
            .entrySet()) {
      var answer = user.tryToApply("images", refused.getKey());
      assertThat(answer.exitCode()).isNotZero();
      assertThat(answer.stderr()).contains(refused.getValue());
    }
  }

  private static String mirror(String fields) {
    return "{storage: {persistentVolume: {size: 1Gi}}, mirrors: [{prefix: hub, %s}]}"
        .formatted(fields);
  }

  @Test
  void isRefusedWithAGraceThatAPushOutlives() {
    var refused =
        user.tryToApply(
            "images", "{storage: {persistentVolume: {size: 1Gi}}, retention: {grace: 9m}}");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("grace is a duration from 10m to 8760h");
  }

  @Test
  void putsRightWhatSomebodyChangedOrDeleted() {
    user.apply("images", "{storage: {persistentVolume: {size: 1Gi}}, nodePort: 30941}");
    awaitEndpoint("images");
    var services = user.client().services().inNamespace(namespace.name());
    var sets = user.client().apps().statefulSets().inNamespace(namespace.name());
    assertThat(services.withName("images-nodes").get()).isNotNull();

    services.withName("images-nodes").delete();
    sets.withName("images")
        .edit(
            set -> {
              set.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("evil");
              return set;
            });

    await(
        () -> {
          assertThat(services.withName("images-nodes").get()).isNotNull();
          assertThat(
                  sets.withName("images")
                      .get()
                      .getSpec()
                      .getTemplate()
                      .getSpec()
                      .getContainers()
                      .getFirst()
                      .getImage())
              .isEqualTo("registry.test/referee:none");
        });
  }

  @Test
  void removesThePortOfTheNodesWhenItIsNotWantedAnyMore() {
    user.apply("images", "{storage: {persistentVolume: {size: 1Gi}}, nodePort: 30942}");
    awaitEndpoint("images");
    var nodes = user.client().services().inNamespace(namespace.name()).withName("images-nodes");
    assertThat(nodes.get().getSpec().getPorts().getFirst().getNodePort()).isEqualTo(30942);

    user.apply("images", VOLUME);

    await(() -> assertThat(nodes.get()).isNull());
  }

  @Test
  void runsManyPodsOverABucket() {
    user.secret("bucket", Map.of("accessKeyId", "key", "secretAccessKey", "secret"));

    user.apply(
        "images",
        """
        {replicas: 3, storage: {s3: {bucket: images, endpoint: "http://s3.test:9000",
          credentialsRef: {name: bucket}}}}
        """);

    awaitEndpoint("images");
    var deployment =
        user.client().apps().deployments().inNamespace(namespace.name()).withName("images").get();
    assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
  }

  @Test
  void saysWhichSecretIsMissingAndGoesOnOnceItIsThere() {
    user.apply(
        "images",
        "{storage: {persistentVolume: {size: 1Gi}}, access: {htpasswdRef: {name: people}}}");

    var message = message(user.awaitReason("images", "SecretNotFound"));
    assertThat(message)
        .isEqualTo(
            "Secret people, which spec.access.htpasswdRef names, is not in namespace "
                + namespace.name());
    user.secret("people", Map.of("passwords", "x"));
    assertThat(message(user.awaitReason("images", "SecretIncomplete"))).contains("has no htpasswd");
    user.client().secrets().inNamespace(namespace.name()).withName("people").delete();
    user.secret("people", Map.of("htpasswd", "somebody:$2y$05$abc"));
    awaitEndpoint("images");
  }

  @Test
  void saysWhichRightIsMissingAndGoesOnOnceItIsThere() {
    try (var other = TemporaryNamespace.in(cluster, Map.of())) {
      var stranger = new RegistryUser(cluster, other);
      stranger.apply("images", VOLUME);

      assertThat(message(stranger.awaitReason("images", "SecretsForbidden")))
          .contains(other.name());
      operator.grantSecrets(other.name());
      await(() -> assertThat(stranger.status("images").path("endpoint").asText()).isNotEmpty());
    }
  }

  /// Who may write an OciRegistry must not come by other people's objects that way.
  @Test
  void leavesObjectsAloneThatAreSomebodyElses() {
    var service =
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace(namespace.name())
            .withName("database")
            .endMetadata()
            .withNewSpec()
            .withSelector(Map.of("app", "database"))
            .addNewPort()
            .withPort(5432)
            .withTargetPort(new IntOrString(5432))
            .endPort()
            .endSpec()
            .build();
    user.client().resource(service).create();

    user.apply("database", VOLUME);

    assertThat(message(user.awaitReason("database", "NameTaken"))).contains("Service database");
    assertThat(
            user.client()
                .services()
                .inNamespace(namespace.name())
                .withName("database")
                .get()
                .getSpec()
                .getSelector())
        .isEqualTo(Map.of("app", "database"));
  }

  @Test
  void saysWhatCannotBe() {
    user.apply(
        "classless", "{storage: {persistentVolume: {size: 1Gi, storageClassName: none-such}}}");
    user.apply("misspelt", "{storage: {persistentVolume: {size: 1Gi}}, acess: {}}");
    user.apply("low", "{storage: {persistentVolume: {size: 1Gi}}, nodePort: 2000}");
    user.apply("dotted.name", VOLUME);

    assertThat(message(user.awaitReason("classless", "StorageClassNotFound")))
        .contains("none-such");
    assertThat(message(user.awaitReason("misspelt", "UnknownField"))).contains("acess");
    assertThat(message(user.awaitReason("low", "Refused")))
        .contains("Service low-nodes", "provided port is not in the valid range");
    assertThat(message(user.awaitReason("dotted.name", "UnusableName"))).contains("dotted.name");
  }

  /// The claim of a registry that was deleted is found again, and with it what a volume cannot do.
  @Test
  void saysWhatAVolumeCannot() {
    var claim =
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data-images-0}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}
        """;
    user.kubectl().reading(claim).succeed("-n", namespace.name(), "create", "-f", "-");

    user.apply("images", VOLUME);
    assertThat(message(user.awaitReason("images", "StorageCannotShrink")))
        .contains("5Gi", "1Gi is too little");
    user.apply("images", "{storage: {persistentVolume: {size: 8Gi}}}");
    assertThat(message(user.awaitReason("images", "StorageCannotGrow")))
        .contains("PersistentVolumeClaim data-images-0");
    user.apply("images", "{storage: {persistentVolume: {size: 5Gi}}}");
    awaitEndpoint("images");
    var other = TemporaryNamespace.uniqueName();
    var storageClass =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: "%s"}
        provisioner: kubernetes.io/no-provisioner
        """
            .formatted(other);
    user.kubectl().reading(storageClass).succeed("create", "-f", "-");
    try {
      user.apply(
          "images",
          "{storage: {persistentVolume: {size: 5Gi, storageClassName: %s}}}".formatted(other));
      assertThat(message(user.awaitReason("images", "StorageClassCannotChange")))
          .contains("(the default)");
    } finally {
      user.kubectl().run("delete", "storageclass", other);
    }
  }

  /// What it kept outlives a registry that was deleted by mistake; all else goes.
  @Test
  void leavesNothingButItsContentBehind() {
    user.apply("images", VOLUME);
    awaitEndpoint("images");

    user.kubectl().succeed("-n", namespace.name(), "delete", "ociregistry", "images");

    await(
        () ->
            assertThat(
                    user.kubectl()
                        .succeed(
                            "-n",
                            namespace.name(),
                            "get",
                            "statefulsets,services,secrets,configmaps,networkpolicies,pdb,sa",
                            "--selector=app.kubernetes.io/instance=images",
                            "-o",
                            "name")
                        .text())
                .isEmpty());
  }

  /// Made once, then its user's: a secret that was exchanged stays exchanged.
  @Test
  void makesWhatSignsTokensAndLeavesItToItsUser() {
    user.apply(
        "images",
        "{storage: {persistentVolume: {size: 1Gi}}, access: {tokens: {}}, nodePort: 30943}");
    awaitEndpoint("images");
    var secret = user.client().secrets().inNamespace(namespace.name()).withName("images-tokens");
    var made = secret.get().getData().get("keys");
    // Base64 of a line of base64, whose end the decoder of mail does not mind.
    assertThat(Base64.getMimeDecoder().decode(Base64.getDecoder().decode(made))).hasSize(32);
    var set =
        user.client().apps().statefulSets().inNamespace(namespace.name()).withName("images").get();
    assertThat(set.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .containsSequence("--token-key", "/etc/referee/tokens/keys");

    var exchanged = Base64.getEncoder().encodeToString(("A".repeat(44) + "\n").getBytes(UTF_8));
    edit("images-tokens", exchanged);
    user.apply("images", "{storage: {persistentVolume: {size: 1Gi}}, access: {tokens: {}}}");
    awaitGeneration("images", 2);
    assertThat(secret.get().getData()).containsEntry("keys", exchanged);

    edit("images-tokens", Base64.getEncoder().encodeToString("short".getBytes(UTF_8)));
    assertThat(message(user.awaitReason("images", "SecretIncomplete")))
        .contains("Secret images-tokens", "32 bytes")
        .doesNotContain("short");
    secret.delete();
    await(() -> assertThat(secret.get()).isNotNull());
    assertThat(secret.get().getData().get("keys")).isNotIn(made, exchanged);

    user.apply("images", VOLUME);
    await(() -> assertThat(secret.get()).isNull());
  }

  @Test
  void signsNothingWithASecretThatIsSomebodyElses() {
    user.secret("images-tokens", Map.of("keys", "A".repeat(44)));

    user.apply("images", "{storage: {persistentVolume: {size: 1Gi}}, access: {tokens: {}}}");

    assertThat(message(user.awaitReason("images", "NameTaken"))).contains("Secret images-tokens");
  }

  private void edit(String secret, String keys) {
    user.client()
        .secrets()
        .inNamespace(namespace.name())
        .withName(secret)
        .edit(
            old -> {
              old.getData().put("keys", keys);
              return old;
            });
  }

  private void awaitGeneration(String name, long generation) {
    await(
        () ->
            assertThat(condition(user.status(name)).path("observedGeneration").asLong())
                .isEqualTo(generation));
  }

  /// Status and objects stay as they are while nothing happens: no write follows from a write.
  @Test
  void comesToRest() {
    user.apply(
        "images", "{storage: {persistentVolume: {size: 1Gi}}, access: {anonymousRead: true}}");
    awaitEndpoint("images");
    var services = user.client().services().inNamespace(namespace.name()).withName("images");
    var secrets = user.client().secrets().inNamespace(namespace.name()).withName("images-tls");
    var service = services.get().getMetadata().getResourceVersion();
    var secret = secrets.get().getMetadata().getResourceVersion();

    // A change of the spec is a look at everything, seen by its generation in the status.
    user.apply("images", VOLUME);
    user.apply(
        "images", "{storage: {persistentVolume: {size: 1Gi}}, access: {anonymousRead: true}}");
    await(
        () ->
            assertThat(condition(user.status("images")).path("observedGeneration").asLong())
                .isEqualTo(3));

    assertThat(services.get().getMetadata().getResourceVersion()).isEqualTo(service);
    assertThat(secrets.get().getMetadata().getResourceVersion()).isEqualTo(secret);
  }

  private JsonNode awaitEndpoint(String name) {
    await(() -> assertThat(user.status(name).path("endpoint").asText()).as(name).isNotEmpty());
    return user.status(name);
  }

  private static void await(ThrowingRunnable assertion) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(assertion);
  }

  private static String message(JsonNode status) {
    return condition(status).path("message").asText();
  }
}
