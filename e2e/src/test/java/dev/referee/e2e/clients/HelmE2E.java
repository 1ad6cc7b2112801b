package dev.referee.e2e.clients;

import static dev.referee.e2e.clients.ImageClientContract.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// helm pushes charts, finds the newest by the list of tags, and pulls.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HelmE2E {
  private BundledRegistries registries;
  private Program helm;

  @TempDir private Path folder;

  @BeforeAll
  void prepare(Clients clients, BundledRegistries registries) {
    this.registries = registries;
    helm = registries.trusting(clients.helm());
  }

  @BeforeEach
  void makeCharts() throws IOException {
    helm = helm.in(folder);
    for (var version : new String[] {"1.0.0", "1.2.3", "2.0.0"}) {
      var chart = Files.createDirectories(folder.resolve("chart-" + version + "/templates"));
      Files.writeString(
          folder.resolve("chart-" + version + "/Chart.yaml"),
          "apiVersion: v2\nname: shop\nversion: %s\n".formatted(version));
      Files.writeString(
          chart.resolve("settings.yaml"),
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n");
      helm.succeed("package", "chart-" + version);
    }
    for (var registry :
        new String[] {registries.closed(), registries.shared(), registries.tokens()}) {
      // Fails where nobody is logged in.
      var _ = helm.run("registry", "logout", registry);
    }
  }

  @Test
  void pushesPullsAndListsWithAPassword() {
    var registry = registries.closed();
    assertRefused(push(registry, "1.0.0"));
    assertThat(login(registry, "wrong").succeeded()).isFalse();
    assertRefused(push(registry, "1.0.0"));
    login(registry, BundledRegistry.password("helm")).orFail();

    pushAll(registry);

    assertPullsTheNewest(registry);
    helm.succeed("registry", "logout", registry);
    assertRefused(pull(registry, "1.0.0", "refused"));
    assertRefused(pull(registry, "^1.0.0", "refused"));
  }

  @Test
  void pullsWhatIsPublicAndPushesNothingWithoutCredentials() {
    var registry = registries.shared();
    login(registry, BundledRegistry.password("helm")).orFail();
    pushAll(registry);
    helm.succeed("registry", "logout", registry);

    assertPullsTheNewest(registry);
    assertRefused(push(registry, "2.0.0"));
    // It says that it is logged in, since nobody asked for the password.
    var _ = login(registry, "wrong");
    assertRefused(push(registry, "2.0.0"));
    assertThat(pull(registry, "^2.0.0", "refused").succeeded()).isFalse();
  }

  /// Where there are tokens it hears of a wrong password at the login.
  @Test
  void pushesByTokensAndPullsWhatIsPublic() {
    var registry = registries.tokens();
    assertRefused(push(registry, "1.0.0"));
    assertThat(login(registry, "wrong").succeeded()).isFalse();
    assertRefused(push(registry, "1.0.0"));
    login(registry, BundledRegistry.password("helm")).orFail();
    pushAll(registry);
    helm.succeed("registry", "logout", registry);

    assertPullsTheNewest(registry);
    assertRefused(push(registry, "2.0.0"));
  }

  @Test
  void pushesPullsAndListsWithoutCredentialsWhereEverybodyMay() {
    pushAll(registries.open());

    assertPullsTheNewest(registries.open());
  }

  @Test
  void wantsToKnowTheAuthority() {
    var stranger = registries.trustingNobody(helm);

    var refused = stranger.run("push", "shop-1.0.0.tgz", charts(registries.open()));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("x509: certificate signed by unknown");
  }

  private void pushAll(String registry) {
    push(registry, "1.0.0").orFail();
    push(registry, "1.2.3").orFail();
  }

  /// A range of versions is looked for among the tags.
  private void assertPullsTheNewest(String registry) {
    pull(registry, "^1.0.0", "newest").orFail();
    pull(registry, "1.0.0", "oldest").orFail();

    assertThat(folder.resolve("newest/shop-1.2.3.tgz"))
        .hasSameBinaryContentAs(folder.resolve("shop-1.2.3.tgz"));
    assertThat(folder.resolve("oldest/shop-1.0.0.tgz"))
        .hasSameBinaryContentAs(folder.resolve("shop-1.0.0.tgz"));
    assertThat(
            helm.succeed("show", "chart", charts(registry) + "/shop", "--version", "^1.0.0")
                .stdout())
        .contains("version: 1.2.3");
  }

  private Output login(String registry, String password) {
    return helm.reading(password)
        .run("registry", "login", registry, "-u", "helm", "--password-stdin");
  }

  private Output push(String registry, String version) {
    return helm.run("push", "shop-" + version + ".tgz", charts(registry));
  }

  private Output pull(String registry, String version, String into) {
    try {
      Files.createDirectories(folder.resolve(into));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return helm.run("pull", charts(registry) + "/shop", "--version", version, "-d", into);
  }

  private static String charts(String registry) {
    return "oci://" + registry + "/public/charts";
  }
}
