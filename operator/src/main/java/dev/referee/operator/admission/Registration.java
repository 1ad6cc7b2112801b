package dev.referee.operator.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.operator.cluster.Events;
import dev.referee.operator.cluster.Writes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the webhook configurations what they should be.
public final class Registration {
  /// Says what was written last, so that what somebody else changed is told from what follows from
  /// a new policy.
  static final String APPLIED = "referee.dev/applied";

  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  private final KubernetesClient client;
  private final WebhookEndpoint endpoint;
  private final WebhookProbe probe;
  private final Writes writes;
  private final Events events;
  private boolean wasRegistered;

  public Registration(
      KubernetesClient client,
      WebhookEndpoint endpoint,
      WebhookProbe probe,
      Writes writes,
      Events events) {
    this.client = requireNonNull(client, "client is null");
    this.endpoint = requireNonNull(endpoint, "endpoint is null");
    this.probe = requireNonNull(probe, "probe is null");
    this.writes = requireNonNull(writes, "writes is null");
    this.events = requireNonNull(events, "events is null");
  }

  /// The bundles that API servers trust now; empty while they ask nothing.
  public Set<String> published() {
    var bundles = new HashSet<String>();
    var validating = validating();
    var mutating = mutating();
    Stream.concat(
            validating == null
                ? Stream.of()
                : validating.getWebhooks().stream().map(webhook -> webhook.getClientConfig()),
            mutating == null
                ? Stream.of()
                : mutating.getWebhooks().stream().map(webhook -> webhook.getClientConfig()))
        .map(Registration::bundle)
        .forEach(bundles::add);
    return Set.copyOf(bundles);
  }

  private static String bundle(WebhookClientConfig config) {
    try {
      return new String(
          Base64.getDecoder().decode(config.getCaBundle() == null ? "" : config.getCaBundle()),
          US_ASCII);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  /// Makes both configurations what they should be.
  ///
  /// @param ownNamespace where Referee runs
  /// @param owner takes the configurations with it when it goes; null where nothing does
  /// @param bundle the authorities of the webhook's certificate (PEM)
  /// @return why API servers do not ask the webhook; empty when they do
  public Optional<String> reconcile(
      Demand demand, String ownNamespace, @Nullable OwnerReference owner, String bundle) {
    var wanted = new WebhookConfigurations(endpoint, ownNamespace, owner);
    var validating = validating();
    var mutating = mutating();
    if (validating == null) {
      var problem = probe.problem(endpoint, bundle);
      if (problem.isPresent()) {
        return problem;
      }
    }
    reconcile(
        validating, wanted.validating(demand, bundle), ValidatingWebhookConfiguration::getWebhooks);
    reconcile(mutating, wanted.mutating(demand, bundle), MutatingWebhookConfiguration::getWebhooks);
    wasRegistered = true;
    return Optional.empty();
  }

  private @Nullable ValidatingWebhookConfiguration validating() {
    return client
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .get();
  }

  private @Nullable MutatingWebhookConfiguration mutating() {
    return client
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(WebhookConfigurations.NAME)
        .get();
  }

  private <T extends HasMetadata> void reconcile(
      @Nullable T actual, T wanted, Function<T, List<?>> webhooks) {
    var fingerprint = fingerprint(wanted);
    wanted.getMetadata().getAnnotations().put(APPLIED, fingerprint);
    if (actual != null && isSame(actual, wanted, webhooks)) {
      return;
    }
    var applied = writes.apply(wanted);
    if (!isSame(applied, wanted, webhooks)) {
      // Server-side apply leaves alone what others added to a list: a webhook, or a condition under
      // which ours is not asked.
      wanted.getMetadata().setResourceVersion(applied.getMetadata().getResourceVersion());
      applied = writes.replace(wanted);
    }
    boolean edited = actual == null ? wasRegistered : fingerprint.equals(annotation(actual));
    if (edited) {
      tell(applied, actual == null ? "deleted" : "changed");
    }
    LOG.info("{} {} was written", applied.getKind(), applied.getMetadata().getName());
  }

  private void tell(HasMetadata object, String what) {
    var reference =
        new ObjectReferenceBuilder()
            .withApiVersion(object.getApiVersion())
            .withKind(object.getKind())
            .withName(object.getMetadata().getName())
            .withUid(object.getMetadata().getUid())
            // Each repair is worth telling, however many there are.
            .withResourceVersion(object.getMetadata().getResourceVersion())
            .build();
    events.tell(
        reference,
        Events.Type.WARNING,
        "Repaired",
        "somebody %s the %s; it is what it should be again (version %s)"
            .formatted(what, object.getKind(), object.getMetadata().getResourceVersion()));
  }

  private static <T extends HasMetadata> boolean isSame(
      T actual, T wanted, Function<T, List<?>> webhooks) {
    var metadata = actual.getMetadata();
    return webhooks.apply(actual).equals(webhooks.apply(wanted))
        && Objects.equals(annotation(wanted), annotation(actual))
        && metadata.getOwnerReferences().equals(wanted.getMetadata().getOwnerReferences())
        && metadata.getLabels() != null
        && metadata.getLabels().entrySet().containsAll(wanted.getMetadata().getLabels().entrySet());
  }

  private static @Nullable String annotation(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(APPLIED);
  }

  private static String fingerprint(HasMetadata object) {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(hash.digest(Serialization.asJson(object).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
