package dev.referee.operator.registry.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.operator.registry.pins.ServiceAccountName;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each spec becomes, compared with committed files. After a change that is meant, write them
/// anew with `-Dgolden.update` and read the difference.
class RegistryObjectsTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/referee/operator/registry/golden");

  private static final String KEYS = "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"one\"}]}";

  @ParameterizedTest
  @ValueSource(strings = {"volume", "volume-everything", "bucket", "bucket-everything"})
  void becomesWhatTheFileSays(String name) throws Exception {
    var objects = objects(name, "");
    var yaml =
        objects.stream()
            .map(Serialization::asYaml)
            .map(text -> text.startsWith("---") ? text : "---\n" + text)
            .collect(Collectors.joining());
    var file = GOLDEN.resolve(name + ".objects.yaml");
    if (System.getProperty("golden.update") != null) {
      Files.writeString(file, yaml);
    }

    assertThat(yaml).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume", "volume-everything", "bucket", "bucket-everything"})
  void everythingBelongsToTheRegistry(String name) throws Exception {
    assertThat(objects(name, ""))
        .allSatisfy(
            object -> {
              assertThat(object.getMetadata().getNamespace()).isEqualTo("shop");
              assertThat(object.getMetadata().getLabels())
                  .containsEntry("app.kubernetes.io/managed-by", "referee-operator")
                  .containsEntry("app.kubernetes.io/instance", "images");
              assertThat(object.getMetadata().getOwnerReferences())
                  .singleElement()
                  .satisfies(
                      owner -> {
                        assertThat(owner.getUid()).isEqualTo("uid-1");
                        assertThat(owner.getController()).isTrue();
                      });
            });
  }

  /// Pod Security Standards, profile restricted.
  @ParameterizedTest
  @ValueSource(strings = {"volume", "volume-everything", "bucket", "bucket-everything"})
  void podsStayWithinTheRestrictedProfile(String name) throws Exception {
    var pod = template(objects(name, "")).getSpec();

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(65532);
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getHostNetwork()).isNull();
    assertThat(pod.getContainers())
        .singleElement()
        .extracting(Container::getSecurityContext)
        .satisfies(
            context -> {
              assertThat(context.getAllowPrivilegeEscalation()).isFalse();
              assertThat(context.getReadOnlyRootFilesystem()).isTrue();
              assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
              assertThat(context.getCapabilities().getAdd()).isEmpty();
              assertThat(context.getPrivileged()).isNull();
            });
  }

  /// The template of claims cannot be changed: a larger size must not show in it.
  @Test
  void keepsTheSizeOfAnExistingClaimTemplate() throws Exception {
    var set =
        objects("volume", "4Gi").stream()
            .filter(StatefulSet.class::isInstance)
            .map(StatefulSet.class::cast)
            .findFirst()
            .orElseThrow();

    assertThat(
            set.getSpec()
                .getVolumeClaimTemplates()
                .getFirst()
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage"))
        .hasToString("4Gi");
  }

  /// The key of the authority is in no pod, and no secret of the spec in an argument.
  @ParameterizedTest
  @ValueSource(strings = {"volume-everything", "bucket-everything"})
  void podsSeeNoMoreSecretsThanTheyNeed(String name) throws Exception {
    var objects = objects(name, "");

    assertThat(Serialization.asYaml(template(objects))).doesNotContain("images-authority");
    assertThat(objects).noneMatch(Secret.class::isInstance);
  }

  @Test
  void newKeysOfTokensHaveANewFile() throws Exception {
    var before = access(objects("volume", "")).getData();
    var after =
        access(
                RegistryObjects.of(
                    NAMES, spec("volume"), inputs("", new TokenIssuer("https://i", KEYS + " "))))
            .getData();

    assertThat(before.get("access.json")).isNotEqualTo(after.get("access.json"));
    assertThat(before.keySet()).isNotEqualTo(after.keySet()).hasSize(2);
    var named = Serialization.unmarshal(after.get("access.json"), JsonNode.class);
    assertThat(after)
        .containsKey(
            named
                .at("/serviceAccounts/jwks")
                .asText()
                .substring(RegistryCommandLine.ACCESS_FOLDER.length() + 1));
  }

  private static final RegistryNames NAMES = new RegistryNames("shop", "images", "uid-1");

  private static ConfigMap access(List<HasMetadata> objects) {
    return objects.stream()
        .filter(ConfigMap.class::isInstance)
        .map(ConfigMap.class::cast)
        .filter(map -> map.getMetadata().getName().equals(NAMES.access()))
        .findFirst()
        .orElseThrow();
  }

  private static PodTemplateSpec template(List<HasMetadata> objects) {
    var templates = new ArrayList<PodTemplateSpec>();
    for (var object : objects) {
      if (object instanceof StatefulSet set) {
        templates.add(set.getSpec().getTemplate());
      } else if (object instanceof Deployment deployment) {
        templates.add(deployment.getSpec().getTemplate());
      }
    }
    assertThat(templates).hasSize(1);
    return templates.getFirst();
  }

  private static List<HasMetadata> objects(String name, String claimSize) throws Exception {
    var all = new ArrayList<HasMetadata>();
    all.add(RegistryServices.main(NAMES));
    all.addAll(
        RegistryObjects.of(
            NAMES, spec(name), inputs(claimSize, new TokenIssuer("https://issuer.test", KEYS))));
    return all;
  }

  private static RegistryInputs inputs(String claimSize, TokenIssuer tokens) {
    return new RegistryInputs(
        "registry.example.com/referee:1",
        "cluster.local",
        "images-tls",
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
        claimSize,
        tokens,
        List.of("referee-system"),
        new ServiceAccountName("referee-system", "referee-operator"),
        "0011223344556677");
  }

  /// Read as the operator reads it: strictly.
  private static OciRegistrySpec spec(String name) throws IOException, InvalidResourceException {
    var text = Files.readString(GOLDEN.resolve(name + ".yaml"));
    var tree = requireNonNull(Serialization.unmarshal(text, JsonNode.class));
    return ((Resource.OciRegistry) ResourceReader.read(tree)).spec();
  }
}
