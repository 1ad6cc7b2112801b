package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.GoBuilds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The programs that a control plane is made of.
///
/// @param controllerManager absent in most published sets of test assets; without it no namespace
///   gets its ServiceAccount and nothing becomes of a Deployment
/// @param origin where they come from, for the log
record ControlPlaneBinaries(
    Path etcd, Path apiServer, Path kubectl, Optional<Path> controllerManager, String origin) {
  /// Where other test environments of Kubernetes look for binaries, too.
  static final String ASSETS = "KUBEBUILDER_ASSETS";

  ControlPlaneBinaries {
    requireNonNull(etcd, "etcd is null");
    requireNonNull(apiServer, "apiServer is null");
    requireNonNull(kubectl, "kubectl is null");
    requireNonNull(controllerManager, "controllerManager is null");
    requireNonNull(origin, "origin is null");
  }

  /// Those of the folder that `KUBEBUILDER_ASSETS` names, or else those that are pinned, built
  /// where they are missing.
  ///
  /// @throws ClusterException when the folder lacks one
  /// @throws dev.referee.e2e.tools.ToolException when they cannot be built
  static ControlPlaneBinaries find(Map<String, String> environment, GoBuilds builds) {
    var assets = environment.getOrDefault(ASSETS, "");
    return assets.isBlank() ? built(builds) : of(Path.of(assets));
  }

  private static ControlPlaneBinaries built(GoBuilds builds) {
    return new ControlPlaneBinaries(
        builds.executable(ControlPlaneTools.ETCD),
        builds.executable(ControlPlaneTools.API_SERVER),
        builds.executable(ControlPlaneTools.KUBECTL),
        Optional.of(builds.executable(ControlPlaneTools.CONTROLLER_MANAGER)),
        "built by Go");
  }

  private static ControlPlaneBinaries of(Path assets) {
    return new ControlPlaneBinaries(
        required(assets, "etcd"),
        required(assets, "kube-apiserver"),
        required(assets, "kubectl"),
        Optional.of(assets.resolve("kube-controller-manager")).filter(Files::isExecutable),
        "from " + ASSETS);
  }

  private static Path required(Path assets, String name) {
    var binary = assets.resolve(name).toAbsolutePath();
    if (!Files.isExecutable(binary)) {
      throw new ClusterException("%s is %s, but it has no %s".formatted(ASSETS, assets, name));
    }
    return binary;
  }
}
