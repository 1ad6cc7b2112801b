package dev.referee.operator.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.SecretReference;
import dev.referee.operator.registry.model.RegistryNames;
import dev.referee.operator.registry.tls.GivenCertificate;
import dev.referee.operator.registry.tls.RegistryCertificates;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sees to it that a registry has a certificate: its user's, or one that the operator issues.
final class CertificateStep {
  private final UserSecrets secrets;
  private final OwnedObjects objects;
  private final RegistryNames names;
  private final Instant now;

  CertificateStep(UserSecrets secrets, OwnedObjects objects, RegistryNames names, Instant now) {
    this.secrets = requireNonNull(secrets, "secrets is null");
    this.objects = requireNonNull(objects, "objects is null");
    this.names = requireNonNull(names, "names is null");
    this.now = requireNonNull(now, "now is null");
  }

  /// The certificate of a registry.
  ///
  /// @param secret the Secret that has it
  /// @param caBundle PEM certificates that clients must trust; empty, nobody said so
  record Outcome(String secret, String caBundle) {
    Outcome {
      requireNonNull(secret, "secret is null");
      requireNonNull(caBundle, "caBundle is null");
    }
  }

  /// @param hosts under which names and addresses it is reached, the first by images
  Outcome run(OciRegistrySpec spec, List<String> hosts) throws UnsatisfiedException {
    var given = spec.tls().secretRef();
    return given == null ? issue(hosts) : take(given, hosts.getFirst());
  }

  private Outcome take(SecretReference given, String host) throws UnsatisfiedException {
    var data = secrets.require(given, "spec.tls.secretRef", "tls.crt", "tls.key");
    var problem = GivenCertificate.problem(data, host, now);
    if (!problem.isEmpty()) {
      throw new UnsatisfiedException(
          RegistryReason.CERTIFICATE_INVALID,
          "Secret %s, which spec.tls.secretRef names, %s".formatted(given.name(), problem));
    }
    return new Outcome(given.name(), GivenCertificate.bundle(data));
  }

  private Outcome issue(List<String> hosts) throws UnsatisfiedException {
    var issued =
        new RegistryCertificates(
                "%s/%s registry".formatted(names.namespace(), names.name()),
                hosts,
                secrets.own(names.authority()),
                secrets.own(names.serving()))
            .at(now);
    // First what clients trust, then what is signed by it.
    var _ = objects.apply(secret(names.authority(), "Opaque", issued.authority()));
    var _ = objects.apply(secret(names.serving(), "kubernetes.io/tls", issued.serving()));
    return new Outcome(names.serving(), issued.bundle());
  }

  private Secret secret(String name, String type, Map<String, String> data) {
    var encoded = new TreeMap<String, String>();
    data.forEach(
        (key, value) ->
            encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8))));
    return new SecretBuilder()
        .withMetadata(names.meta(name))
        .withType(type)
        .withData(encoded)
        .build();
  }
}
