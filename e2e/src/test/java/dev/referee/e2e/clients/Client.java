package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.GoTool;
import dev.referee.e2e.tools.ModuleFolder;
import java.time.Duration;

/// A client, pinned in a Go module of its own so that it keeps the versions its authors chose.
///
/// @param modulePath the Go module that its authors publish
/// @param tool how it is built
record Client(String modulePath, GoTool tool) {
  static final Client CRANE = of("crane", "github.com/google/go-containerregistry", 7);
  static final Client ORAS = of("oras", "oras.land/oras", 8);
  static final Client COSIGN = of("cosign", "github.com/sigstore/cosign/v3", 176);
  static final Client NOTATION = of("notation", "github.com/notaryproject/notation", 25);
  static final Client REGCTL = of("regctl", "github.com/regclient/regclient", 10);
  static final Client HELM = of("helm", "helm.sh/helm/v4", 128);

  Client {
    requireNonNull(modulePath, "modulePath is null");
    requireNonNull(tool, "tool is null");
  }

  private static Client of(String name, String modulePath, int firstBuildSeconds) {
    var tool =
        new GoTool(
            ModuleFolder.goModule("clients/" + name),
            name,
            modulePath + "/cmd/" + name,
            Duration.ofSeconds(firstBuildSeconds));
    return new Client(modulePath, tool);
  }

  /// The pinned version, with its `v`.
  String version() {
    return tool.module().version(modulePath);
  }
}
