package dev.referee.operator.registry.model;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.registry.pins.ServiceAccountName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the objects of a registry depend on beside its spec.
///
/// @param image reference of Referee's own image
/// @param clusterDomain domain of the cluster's names
/// @param servingSecret the Secret with its certificate: the operator's, or its user's
/// @param caBundle PEM certificates of the authority of that certificate; empty, nobody knows it
/// @param claimSize the size that the existing StatefulSet claims for its pod, which cannot be
///   changed; empty, there is none yet
/// @param tokens how service accounts' tokens are proven
/// @param readers namespaces whose service accounts may read everything: Referee's own
/// @param pinner the operator's own service account, which keeps what runs; null for nobody
/// @param configurationHash changes when Secrets of its user change that are read at the start only
public record RegistryInputs(
    String image,
    String clusterDomain,
    String servingSecret,
    String caBundle,
    String claimSize,
    TokenIssuer tokens,
    List<String> readers,
    @Nullable ServiceAccountName pinner,
    String configurationHash) {
  public RegistryInputs {
    requireNonNull(image, "image is null");
    requireNonNull(clusterDomain, "clusterDomain is null");
    requireNonNull(servingSecret, "servingSecret is null");
    requireNonNull(caBundle, "caBundle is null");
    requireNonNull(claimSize, "claimSize is null");
    requireNonNull(tokens, "tokens is null");
    readers = List.copyOf(readers);
    requireNonNull(configurationHash, "configurationHash is null");
  }
}
