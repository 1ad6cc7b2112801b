package dev.referee.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The namespace that Referee runs in.
final class OwnNamespace {
  /// Where it is installed unless somebody says otherwise.
  static final String DEFAULT = "referee-system";

  /// What every pod with a service account can read.
  private static final Path FILE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private OwnNamespace() {}

  /// The pod's namespace, as `POD_NAMESPACE` or its service account tell it, or the default outside
  /// of a pod.
  static String find() {
    var named = System.getenv("POD_NAMESPACE");
    if (named != null && !named.isBlank()) {
      return named;
    }
    try {
      return Files.exists(FILE) ? Files.readString(FILE).strip() : DEFAULT;
    } catch (IOException e) {
      return DEFAULT;
    }
  }
}
