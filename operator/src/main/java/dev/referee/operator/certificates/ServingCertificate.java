package dev.referee.operator.certificates;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.cluster.Writes;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the Secrets of the webhook's certificate what they should be.
public final class ServingCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;
  private final InstantSource clock;

  /// @param namespace where the Secrets are
  public ServingCertificate(
      KubernetesClient client, String namespace, Writes writes, InstantSource clock) {
    this.client = requireNonNull(client, "client is null");
    this.namespace = requireNonNull(namespace, "namespace is null");
    this.writes = requireNonNull(writes, "writes is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// What follows from the Secrets.
  ///
  /// @param bundle the authorities that API servers are to trust (PEM); empty where there are none
  ///   yet
  /// @param lookAgain when something is due
  /// @param waiting whether a successor waits for being trusted
  public record Found(String bundle, Instant lookAgain, boolean waiting) {
    public Found {
      requireNonNull(bundle, "bundle is null");
      requireNonNull(lookAgain, "lookAgain is null");
    }
  }

  /// Does what is due. The authorities are stored before anything that they signed: whoever stops
  /// in between leaves a state from which the next one goes on.
  ///
  /// @param names at which the webhook is reached
  /// @param published the bundles that API servers trust now, one for each that asks the webhook;
  ///   empty where none does
  public Found reconcile(Collection<String> names, Set<String> published) {
    var now = clock.instant();
    var authority = read(CertificateSecrets.AUTHORITY);
    var serving = read(CertificateSecrets.SERVING);
    var state = CertificateSecrets.read(authority, serving);
    var next = new CertificateStep(names, isPublished(published)).next(state, now);
    store(authority, CertificateSecrets.authority(next, namespace, authority));
    if (next.serving() != null) {
      store(serving, CertificateSecrets.serving(next, namespace, serving));
    }
    return new Found(next.bundle(), CertificateStep.nextLook(next, now), next.successor() != null);
  }

  /// The certificate that cert-manager issues into the same Secret.
  public Found foreign() {
    var bundle = CertificateSecrets.foreignBundle(read(CertificateSecrets.SERVING));
    return new Found(bundle, clock.instant().plus(Issuing.SERVING_LIFE), false);
  }

  private static Predicate<X509Certificate> isPublished(Set<String> bundles) {
    return authority ->
        bundles.stream().allMatch(bundle -> Pem.certificates(bundle).contains(authority));
  }

  private @Nullable Secret read(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  private void store(@Nullable Secret existing, Secret wanted) {
    if (!CertificateSecrets.same(existing, wanted)) {
      writes.store(wanted);
      LOG.info("Secret {}/{} was written", namespace, wanted.getMetadata().getName());
    }
  }
}
