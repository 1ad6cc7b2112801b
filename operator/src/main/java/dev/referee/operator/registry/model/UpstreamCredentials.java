package dev.referee.operator.registry.model;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.SecretReference;
import java.util.List;
import java.util.Objects;

/// Where a pod has the Secrets with the credentials for other registries: each in a folder of its
/// own, once, whichever mirrors name it.
final class UpstreamCredentials {
  /// The key of a Secret of type `kubernetes.io/dockerconfigjson`.
  static final String KEY = ".dockerconfigjson";

  static final String FILE = "config.json";

  private static final String FOLDER = "/etc/referee/upstreams/";

  private UpstreamCredentials() {}

  /// The Secrets that a spec names.
  static List<SecretReference> of(OciRegistrySpec spec) {
    return spec.mirrors().stream()
        .map(mirror -> mirror.credentialsRef())
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  static String volume(SecretReference secret) {
    return "upstream-" + ContentHash.of(secret.name());
  }

  static String folder(SecretReference secret) {
    return FOLDER + secret.name();
  }

  static String file(SecretReference secret) {
    return folder(secret) + "/" + FILE;
  }
}
