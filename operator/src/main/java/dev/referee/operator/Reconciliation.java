package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.CertificateIssuer;
import dev.referee.gate.ClusterObject;
import dev.referee.gate.ClusterPolicies;
import dev.referee.operator.admission.Demand;
import dev.referee.operator.admission.Registration;
import dev.referee.operator.admission.WebhookProbe;
import dev.referee.operator.certificates.CertificateSecrets;
import dev.referee.operator.certificates.ServingCertificate;
import dev.referee.operator.cluster.Events;
import dev.referee.operator.cluster.Writes;
import dev.referee.operator.status.Conditions;
import dev.referee.operator.status.Statuses;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.Problem;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the cluster what the objects in it say: the certificate, then who asks the webhook, then
/// what the objects' statuses tell. Each step looks at what is there, so that it does not matter
/// where the last one stopped.
public final class Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  /// How soon to look again for what others have to do.
  private static final Duration SOON = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final ClusterPolicies policies;
  private final InstantSource clock;
  private final ServingCertificate certificate;
  private final Registration registration;
  private final Statuses statuses;
  private @Nullable String told;

  /// @param policies watches our objects; not closed here
  /// @param probe looks whether the webhook answers
  public Reconciliation(
      KubernetesClient client,
      OperatorConfig config,
      ClusterPolicies policies,
      Writes writes,
      WebhookProbe probe,
      InstantSource clock) {
    this.client = requireNonNull(client, "client is null");
    this.config = requireNonNull(config, "config is null");
    this.policies = requireNonNull(policies, "policies is null");
    this.clock = requireNonNull(clock, "clock is null");
    var events = new Events(writes, config.identity(), clock);
    this.certificate = new ServingCertificate(client, config.namespace(), writes, clock);
    this.registration = new Registration(client, config.endpoint(), probe, writes, events);
    this.statuses = new Statuses(writes, events);
  }

  /// Does everything that is due.
  ///
  /// @return when to do so again, if nothing happens before
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server refused
  ///   something; the rest is done by the next one
  public Instant run() {
    var now = clock.instant();
    var latest = now.plus(config.interval());
    if (!policies.isReady()) {
      // The webhook needs a certificate to come up, whoever else does not.
      reconcileCertificate(CertificateIssuer.SELF_MANAGED);
      return now.plus(SOON);
    }
    // In this order, and once: nothing is said about an object that what is registered here does
    // not know.
    var objects = policies.objects();
    var current = policies.current();
    var issuer = current.configuration().certificates();
    var found = reconcileCertificate(issuer);
    String notEnforced;
    if (found.bundle().isEmpty()) {
      notEnforced =
          "Secret %s/%s has no ca.crt yet, which cert-manager puts there"
              .formatted(config.namespace(), CertificateSecrets.SERVING);
    } else {
      notEnforced =
          registration
              .reconcile(Demand.of(current), config.namespace(), owner(), found.bundle())
              .orElse(null);
      if (notEnforced == null && found.waiting()) {
        // Now that its successor is trusted the authority can go.
        found = reconcileCertificate(issuer);
      }
    }
    if (notEnforced != null) {
      if (!notEnforced.equals(told)) {
        LOG.info("not registered: {}", notEnforced);
      }
      latest = earlier(latest, now.plus(SOON));
    }
    told = notEnforced;
    latest = earlier(latest, found.lookAgain());
    return earlier(latest, reconcileStatuses(objects, current, notEnforced, now));
  }

  private ServingCertificate.Found reconcileCertificate(CertificateIssuer issuer) {
    return switch (issuer) {
      case SELF_MANAGED ->
          certificate.reconcile(config.endpoint().names(), registration.published());
      case CERT_MANAGER -> certificate.foreign();
    };
  }

  private Instant reconcileStatuses(
      List<ClusterObject> objects, PolicySet current, @Nullable String notEnforced, Instant now) {
    var problems = new ArrayList<Problem>(current.problems());
    problems.addAll(policies.registries().problems());
    statuses.reconcile(objects, new Conditions(problems, notEnforced, now), now);
    return objects.stream()
        .map(object -> Conditions.changesAt(object.resource(), now))
        .flatMap(Optional::stream)
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /// The object that goes first when Referee is uninstalled.
  private @Nullable OwnerReference owner() {
    var name = config.owner();
    if (name == null) {
      return null;
    }
    var role = client.rbac().clusterRoles().withName(name).get();
    return role == null
        ? null
        : new OwnerReferenceBuilder()
            .withApiVersion("rbac.authorization.k8s.io/v1")
            .withKind("ClusterRole")
            .withName(name)
            .withUid(role.getMetadata().getUid())
            .build();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
