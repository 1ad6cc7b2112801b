package dev.referee.e2e.registries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.cluster.TemporaryNamespace;
import dev.referee.e2e.junit.OnCluster;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an OciRegistry cannot be: said in its status, or by the API server, and what is missing is
/// waited for.
@OnCluster
class OciRegistryRefusalsE2E extends OperatedRegistries {
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

  @Test
  void isRefusedWithAGraceThatAPushOutlives() {
    var refused =
        user.tryToApply(
            "images", "{storage: {persistentVolume: {size: 1Gi}}, retention: {grace: 9m}}");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("grace is a duration from 10m to 8760h");
  }

  private static String mirror(String fields) {
    return "{storage: {persistentVolume: {size: 1Gi}}, mirrors: [{prefix: hub, %s}]}"
        .formatted(fields);
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

  @Test
  void signsNothingWithASecretThatIsSomebodyElses() {
    user.secret("images-tokens", Map.of("keys", "A".repeat(44)));

    user.apply("images", "{storage: {persistentVolume: {size: 1Gi}}, access: {tokens: {}}}");

    assertThat(message(user.awaitReason("images", "NameTaken"))).contains("Secret images-tokens");
  }
}
