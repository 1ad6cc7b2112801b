package dev.referee.gate.registries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.client.Credentials;
import dev.referee.client.RequestRate;
import dev.referee.gate.ClusterObject;
import dev.referee.gate.registries.Registries.Host;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ReferencedValues.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryCompilerTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static ClusterObject object(String yaml) {
    try {
      JsonNode tree = YAML.readTree(yaml);
      var id = ResourceReader.readId(tree);
      return new ClusterObject(id, tree, ResourceReader.readOrInvalid(id, tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InvalidResourceException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ClusterObject config(String name, String spec) {
    return object(
        """
        apiVersion: referee.dev/v1alpha1
        kind: ClusterRegistryConfig
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec));
  }

  private static ClusterObject bundled(String endpoint, String caBundle) {
    return object(
        """
        apiVersion: referee.dev/v1alpha1
        kind: OciRegistry
        metadata: {name: images, namespace: tools}
        spec: {storage: {persistentVolume: {size: 1Gi}}}
        status: {endpoint: "%s", caBundle: "%s"}
        """
            .formatted(endpoint, caBundle));
  }

  private static Registries compile(ReferencedValues values, ClusterObject... objects) {
    return RegistryCompiler.compile(1, Arrays.asList(objects), values);
  }

  private static ReferencedValues secret(Map<String, String> secret) {
    return reference -> {
      var value = secret.get(reference.key());
      return value == null
          ? new Value.Unavailable(
              Problem.REFERENCE_NOT_FOUND,
              "%s has no value %s".formatted(reference.describe(), reference.key()))
          : new Value.Found(value);
    };
  }

  private static HostSettings settings(Registries registries, String host) {
    assertThat(registries.problems()).isEmpty();
    return registries.hosts().get(host) instanceof Host.Known(HostSettings settings)
        ? settings
        : fail(host + " is not known: " + registries);
  }

  private static void assertMisconfigured(Registries registries, String host, String reason) {
    assertThat(registries.hosts().get(host)).isInstanceOf(Host.Misconfigured.class);
    assertThat(registries.problems()).extracting(Problem::reason).containsExactly(reason);
  }

  @Test
  void readsEverythingThatAConfigurationSays() {
    var registries =
        compile(
            secret(Map.of("username", "u", "password", "p")),
            config(
                "hub",
                """
                {host: docker.io, rateLimit: {requestsPerSecond: 5}, tokenServices: [auth.example.com],
                 credentials: {secretRef: {name: hub}},
                 mirrors: [{host: "mirror.example.com:5000", prefix: proxy/hub, plainHTTP: true}]}\
                """));

    var hub = settings(registries, "docker.io");
    assertThat(hub.credentials()).isEqualTo(new Credentials.Basic("u", "p"));
    assertThat(hub.rate()).isEqualTo(new RequestRate(5, 10));
    assertThat(hub.tokenServices()).isEqualTo(Set.of("auth.example.com"));
    assertThat(hub.mirrors())
        .singleElement()
        .satisfies(
            mirror -> {
              assertThat(mirror.prefix()).isEqualTo("proxy/hub");
              assertThat(mirror.settings().registry()).isEqualTo("mirror.example.com:5000");
              assertThat(mirror.settings().plainHttp()).isTrue();
              // Those of the registry are the registry's.
              assertThat(mirror.settings().credentials()).isEqualTo(Credentials.ANONYMOUS);
            });
  }

  @Test
  void readsTheCredentialsOfADockerConfiguration() {
    var registries =
        compile(
            secret(
                Map.of(
                    ".dockerconfigjson",
                    "{\"auths\":{\"r.example.com\":{\"username\":\"u\",\"password\":\"p\"}}}")),
            config("r", "{host: r.example.com, credentials: {secretRef: {name: s}}}"));

    assertThat(settings(registries, "r.example.com").credentials())
        .isEqualTo(new Credentials.Basic("u", "p"));
  }

  @Test
  void refusesToGuessWhereASecretIsMissing() {
    assertMisconfigured(
        compile(
            ReferencedValues.NONE,
            config("r", "{host: r.example.com, credentials: {secretRef: {name: s}}}")),
        "r.example.com",
        Problem.REFERENCE_NOT_FOUND);
  }

  @Test
  void refusesADockerConfigurationWithoutThisHostAndOneThatIsNone() {
    var spec = "{host: r.example.com, credentials: {secretRef: {name: s}}}";

    assertMisconfigured(
        compile(secret(Map.of(".dockerconfigjson", "{\"auths\":{}}")), config("r", spec)),
        "r.example.com",
        RegistryCompiler.INVALID_CREDENTIALS);
    var malformed = compile(secret(Map.of(".dockerconfigjson", "hunter2")), config("r", spec));
    assertMisconfigured(malformed, "r.example.com", RegistryCompiler.INVALID_CREDENTIALS);
    assertThat(malformed.toString()).doesNotContain("hunter2");
  }

  @Test
  void saysThatPullSecretsAreNotRead() {
    assertMisconfigured(
        compile(
            ReferencedValues.NONE,
            config("r", "{host: r.example.com, credentials: {pullSecrets: true}}")),
        "r.example.com",
        RegistryCompiler.UNSUPPORTED);
  }

  @Test
  void refusesACaBundleWithoutCertificates() {
    assertMisconfigured(
        compile(ReferencedValues.NONE, config("r", "{host: r.example.com, caBundle: \"none\"}")),
        "r.example.com",
        RegistryCompiler.INVALID_CA_BUNDLE);
  }

  @Test
  void refusesTheSecondOfTwoForOneHostAndTheHostWithIt() {
    assertMisconfigured(
        compile(
            ReferencedValues.NONE,
            config("b", "{host: r.example.com}"),
            config("a", "{host: r.example.com, plainHTTP: true}")),
        "r.example.com",
        RegistryCompiler.DUPLICATE_HOST);
  }

  @Test
  void reachesNoRegistryOfWhichAConfigurationMakesNoSense() {
    var registries =
        compile(ReferencedValues.NONE, config("r", "{host: r.example.com, plainHttp: true}"));

    // That it makes no sense is reported where all objects are compiled.
    assertThat(registries.hosts().get("r.example.com")).isInstanceOf(Host.Misconfigured.class);
  }

  @Test
  void reachesABundledRegistryByItsStatus() {
    var pem = CertificateAuthority.create("CN=tools").certificatePem();
    var registries =
        compile(
            ReferencedValues.NONE,
            bundled("images.tools.svc.cluster.local:5000", pem.replace("\n", "\\n")));

    assertThat(settings(registries, "images.tools.svc.cluster.local:5000").caBundle())
        .isEqualTo(pem);
  }

  /// Whoever may write the status of one namespace's registry must not say whom to trust for
  /// another host.
  @Test
  void believesABundledRegistryNothingAboutOtherHosts() {
    for (var endpoint :
        new String[] {
          "docker.io", "images.other.svc:5000", "images.tools.svc.evil.example:5000", ""
        }) {
      assertThat(compile(ReferencedValues.NONE, bundled(endpoint, "")).hosts()).isEmpty();
    }
  }

  @Test
  void prefersAConfigurationToWhatABundledRegistrySays() {
    var registries =
        compile(
            ReferencedValues.NONE,
            bundled("images.tools.svc:5000", ""),
            config("r", "{host: \"images.tools.svc:5000\", plainHTTP: true}"));

    assertThat(settings(registries, "images.tools.svc:5000").plainHttp()).isTrue();
  }
}
