package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.RegistryMirror;
import dev.referee.client.DockerConfig;
import dev.referee.oci.MalformedContentException;
import java.util.Locale;
import java.util.Set;

/// Checks where the mirrors of a registry bring content from: what a registry would not start with,
/// or would ask without end.
final class MirrorSources {
  private static final String CREDENTIALS = ".dockerconfigjson";

  private final UserSecrets secrets;

  MirrorSources(UserSecrets secrets) {
    this.secrets = requireNonNull(secrets, "secrets is null");
  }

  /// @param own hosts and ports by which the registry itself is reached
  void check(OciRegistrySpec spec, Set<String> own) throws UnsatisfiedException {
    for (var mirror : spec.mirrors()) {
      var field = "spec.mirrors[%s]".formatted(mirror.prefix());
      if (own.contains(mirror.host().toLowerCase(Locale.ROOT))) {
        throw new UnsatisfiedException(
            RegistryReason.MIRROR_OF_ITSELF,
            "%s.upstream is this registry, which would ask itself for what it does not have"
                .formatted(field));
      }
      GivenAuthorities.check(mirror.caBundle(), field + ".caBundle");
      checkCredentials(mirror, field + ".credentialsRef");
    }
  }

  private void checkCredentials(RegistryMirror mirror, String field) throws UnsatisfiedException {
    var reference = mirror.credentialsRef();
    if (reference == null) {
      return;
    }
    var secret = secrets.require(reference, field, CREDENTIALS);
    try {
      var _ = DockerConfig.parse(secret.getOrDefault(CREDENTIALS, new byte[0]));
    } catch (MalformedContentException e) {
      // Not the parser's words: they may quote what is in the Secret.
      throw new UnsatisfiedException(
          RegistryReason.SECRET_INCOMPLETE,
          "Secret %s, which %s names, has no %s that can be read"
              .formatted(reference.name(), field, CREDENTIALS));
    }
  }
}
