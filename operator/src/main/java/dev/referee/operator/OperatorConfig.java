package dev.referee.operator;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.admission.WebhookEndpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the operator runs.
///
/// @param namespace where Referee runs, and where its Secrets and its Lease are
/// @param identity tells one operator from another; the pod's name
/// @param endpoint where API servers reach the webhook
/// @param owner the ClusterRole with which the webhook configurations go when Referee is
///   uninstalled; null where there is none
/// @param lease how long a leader that says nothing keeps its role
/// @param interval how often everything is looked at again, also when nobody said that it changed
/// @param retry how soon something is tried again that did not work, at first
public record OperatorConfig(
    String namespace,
    String identity,
    WebhookEndpoint endpoint,
    @Nullable String owner,
    Duration lease,
    Duration interval,
    Duration retry) {
  /// The Service in front of the webhook.
  public static final String SERVICE = "referee-webhook";

  public OperatorConfig {
    requireNonNull(namespace, "namespace is null");
    requireNonNull(identity, "identity is null");
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(lease, "lease is null");
    requireNonNull(interval, "interval is null");
    requireNonNull(retry, "retry is null");
  }

  /// The defaults of a cluster.
  public static OperatorConfig of(
      String namespace, String identity, WebhookEndpoint endpoint, @Nullable String owner) {
    return new OperatorConfig(
        namespace,
        identity,
        endpoint,
        owner,
        Duration.ofSeconds(15),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1));
  }
}
