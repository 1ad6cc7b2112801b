package dev.referee.e2e.cluster;

import dev.referee.e2e.tools.GoModule;
import dev.referee.e2e.tools.GoTool;
import dev.referee.e2e.tools.ModuleFolder;
import java.time.Duration;
import java.util.regex.Pattern;

/// The pinned programs of a control plane.
final class ControlPlaneTools {
  static final GoTool ETCD =
      new GoTool(
          ModuleFolder.goModule("controlplane/etcd"),
          "etcd",
          "go.etcd.io/etcd/server/v3",
          Duration.ofSeconds(58));

  private static final GoModule KUBERNETES =
      stamped(ModuleFolder.goModule("controlplane/kubernetes"));

  static final GoTool API_SERVER = kubernetes("kube-apiserver", 266);
  static final GoTool CONTROLLER_MANAGER = kubernetes("kube-controller-manager", 62);
  static final GoTool KUBECTL = kubernetes("kubectl", 23);

  private ControlPlaneTools() {}

  private static GoTool kubernetes(String name, int firstBuildSeconds) {
    return new GoTool(
        KUBERNETES, name, "k8s.io/kubernetes/cmd/" + name, Duration.ofSeconds(firstBuildSeconds));
  }

  /// Kubernetes learns its version from the linker; without, it says v0.0.0 and clients refuse to
  /// speak to it.
  static GoModule stamped(GoModule module) {
    var version = module.version("k8s.io/kubernetes");
    var parts = Pattern.compile("v(\\d+)\\.(\\d+)\\..*").matcher(version);
    if (!parts.matches()) {
      throw new IllegalArgumentException("%s is no version of Kubernetes".formatted(version));
    }
    var flags = new StringBuilder(module.linkerFlags());
    for (var stamp :
        new String[] {"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"}) {
      flags.append(" -X %s.gitVersion=%s".formatted(stamp, version));
      flags.append(" -X %s.gitMajor=%s".formatted(stamp, parts.group(1)));
      flags.append(" -X %s.gitMinor=%s".formatted(stamp, parts.group(2)));
      flags.append(" -X %s.gitTreeState=clean".formatted(stamp));
      // No commit and no day: the same pins give the same bytes.
      flags.append(" -X %s.gitCommit=%s".formatted(stamp, "0".repeat(40)));
      flags.append(" -X %s.buildDate=2026-01-01T00:00:00Z".formatted(stamp));
    }
    return module.linkedWith(flags.toString());
  }
}
