package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.regex.Pattern;

/// A service account.
public record ServiceAccountName(String namespace, String name) {
  private static final Pattern USER = Pattern.compile("system:serviceaccount:([^:]+):([^:]+)");

  public ServiceAccountName {
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
  }

  /// The one that a client speaks for, as the API server knows it; empty for a person.
  ///
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server does not
  ///   say
  public static Optional<ServiceAccountName> of(KubernetesClient client) {
    var review = client.authentication().v1().selfSubjectReviews().create(new SelfSubjectReview());
    var user = USER.matcher(review.getStatus().getUserInfo().getUsername());
    return user.matches()
        ? Optional.of(new ServiceAccountName(user.group(1), user.group(2)))
        : Optional.empty();
  }
}
