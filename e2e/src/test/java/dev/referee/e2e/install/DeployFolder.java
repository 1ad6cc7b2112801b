package dev.referee.e2e.install;

import dev.referee.e2e.tools.ModuleFolder;
import java.nio.file.Path;

/// Where what is installed is kept.
public final class DeployFolder {
  private static final Path FOLDER = ModuleFolder.path().resolve("../deploy").normalize();

  private DeployFolder() {}

  /// For `kubectl apply -k`.
  public static String kustomization() {
    return FOLDER.toString();
  }

  /// For `helm install`.
  public static String chart() {
    return FOLDER.resolve("chart/referee").toString();
  }

  /// What the kustomization gives.
  public static Path rendered() {
    return FOLDER.resolve("rendered/referee.yaml");
  }

  static Path dashboard() {
    return FOLDER.resolve("dashboards/referee.json");
  }
}
