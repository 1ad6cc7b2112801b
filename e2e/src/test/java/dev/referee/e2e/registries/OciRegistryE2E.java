package dev.referee.e2e.registries;

import static dev.referee.e2e.registries.RegistryUser.condition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.OnCluster;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What becomes of an OciRegistry: its objects, its status, and how both are kept right. No pod
/// need run for that.
@OnCluster
class OciRegistryE2E extends OperatedRegistries {
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
}
