package dev.referee.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.e2e.tools.BuildCache;
import dev.referee.e2e.tools.GoBuilds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The drivers where things are missing or break, with shell scripts in the place of servers.
class ControlPlaneTest {
  @TempDir Path folder;

  private Path assets;

  @BeforeEach
  void createAssets() throws IOException {
    assets = Files.createDirectory(folder.resolve("assets"));
  }

  @Test
  void showsTheEndOfTheLogOfAServerThatEnds() throws IOException {
    script("etcd", "echo 'no space left on device' >&2; exit 3");
    script("kube-apiserver", "exec sleep 600");
    script("kubectl", "exit 0");

    assertThatThrownBy(() -> driver(Map.of("KUBEBUILDER_ASSETS", assets.toString())).offer())
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "etcd ended with exit code 3; the end of %s:%n  no space left on device"
                .formatted(folder.resolve("logs/etcd.log")));
  }

  @Test
  void triesOtherPortsWhenSomebodyTookOne() throws IOException {
    script(
        "etcd", "echo \"$2\" >>%s; echo 'bind: address already in use'; exit 1".formatted(tries()));
    script("kube-apiserver", "exec sleep 600");
    script("kubectl", "exit 0");

    assertThatThrownBy(() -> driver(Map.of("KUBEBUILDER_ASSETS", assets.toString())).offer())
        .hasMessageContaining("address already in use");
    assertThat(Files.readAllLines(tries())).hasSize(3);
  }

  @Test
  void namesWhatTheAssetsLack() throws IOException {
    script("etcd", "exit 0");

    assertThatThrownBy(() -> driver(Map.of("KUBEBUILDER_ASSETS", assets.toString())).offer())
        .isInstanceOf(ClusterException.class)
        .hasMessage("KUBEBUILDER_ASSETS is %s, but it has no kube-apiserver".formatted(assets));
  }

  @Test
  void isUnavailableWithoutAssetsAndWithoutGo() {
    assertThat(driver(Map.of()).offer())
        .isEqualTo(new Offer.Unavailable("go, which builds etcd, is not on the PATH"));
  }

  @Test
  void switchesServiceAccountsOffWhereNobodyMakesThem() {
    var layout = ControlPlaneLayout.onFreePorts(folder);
    var none = new ControlPlaneBinaries(folder, folder, folder, Optional.empty(), "test");
    var one = new ControlPlaneBinaries(folder, folder, folder, Optional.of(folder), "test");

    assertThat(new ControlPlaneCommands(none, layout).apiServer())
        .contains("--disable-admission-plugins=ServiceAccount");
    assertThat(new ControlPlaneCommands(one, layout).apiServer())
        .doesNotContain("--disable-admission-plugins=ServiceAccount");
  }

  @Test
  void takesAnExistingClusterOnlyByAnAbsolutePath() {
    assertThat(existing(Map.of()).offer())
        .isEqualTo(new Offer.Unavailable("KUBECONFIG_E2E is not set"));
    assertThatThrownBy(() -> existing(Map.of("KUBECONFIG_E2E", "admin.kubeconfig")).offer())
        .isInstanceOf(ClusterException.class)
        .hasMessage(
            "KUBECONFIG_E2E is admin.kubeconfig, but it must be the absolute path of a kubeconfig");
  }

  @Test
  void namesAnExistingClusterThatDoesNotAnswer() {
    var layout = ControlPlaneLayout.onFreePorts(folder);
    ControlPlaneCredentials.write(layout);
    var kubeconfig = layout.adminKubeconfig();

    assertThatThrownBy(() -> existing(Map.of("KUBECONFIG_E2E", kubeconfig.toString())).offer())
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith(
            "the cluster of kubeconfig %s does not answer: ".formatted(kubeconfig));
  }

  private LocalControlPlane driver(Map<String, String> environment) {
    return new LocalControlPlane(environment, withoutGo(), folder.resolve("logs"));
  }

  private ExistingCluster existing(Map<String, String> environment) {
    return new ExistingCluster(environment, withoutGo());
  }

  private GoBuilds withoutGo() {
    return new GoBuilds(new BuildCache(folder.resolve("cache")), Optional.empty(), _ -> {});
  }

  private Path tries() {
    return folder.resolve("tries");
  }

  private void script(String name, String commands) throws IOException {
    var script = Files.writeString(assets.resolve(name), "#!/bin/sh\n" + commands + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }
}
