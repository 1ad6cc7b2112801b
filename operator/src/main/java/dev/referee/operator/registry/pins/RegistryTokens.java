package dev.referee.operator.registry.pins;

/// Tokens by which the operator shows bundled registries who it is.
@FunctionalInterface
public interface RegistryTokens {
  /// A token that one registry accepts and no other.
  ///
  /// @param audience the endpoint of the registry
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server gives none
  String token(String audience);
}
