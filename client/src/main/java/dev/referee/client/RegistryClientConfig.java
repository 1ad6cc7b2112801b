package dev.referee.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How registries are spoken to.
///
/// @param credentials which credentials belong to which repository
/// @param plainHttp registries, as `host:port`, that are spoken to without TLS; loopback ones are
///   anyway when TLS does not answer
/// @param trustedCertificates PEM bundles of authorities to trust beside the system's
/// @param tokenServices for a registry's host, the other hosts whose token service may be given its
///   credentials
/// @param userAgent what to call ourselves
/// @param rate how often each registry may be asked; null, as often as needed
public record RegistryClientConfig(
    CredentialsSource credentials,
    Set<String> plainHttp,
    List<String> trustedCertificates,
    Map<String, Set<String>> tokenServices,
    String userAgent,
    @Nullable RequestRate rate) {
  /// Registries whose token service is known to be elsewhere. Every other registry's credentials go
  /// to itself alone, whatever its challenge asks for (CVE-2026-48978, CVE-2026-33540).
  private static final Map<String, Set<String>> KNOWN_TOKEN_SERVICES =
      Map.of(
          "registry-1.docker.io", Set.of("auth.docker.io"),
          "registry.gitlab.com", Set.of("gitlab.com"));

  public RegistryClientConfig {
    requireNonNull(credentials, "credentials is null");
    requireNonNull(userAgent, "userAgent is null");
    plainHttp = Set.copyOf(plainHttp);
    trustedCertificates = List.copyOf(trustedCertificates);
    tokenServices = Map.copyOf(tokenServices);
  }

  /// Anonymous, with the system's authorities.
  public static RegistryClientConfig defaults() {
    return new RegistryClientConfig(
        CredentialsSource.ANONYMOUS, Set.of(), List.of(), Map.of(), "referee", null);
  }

  public RegistryClientConfig with(CredentialsSource other) {
    return new RegistryClientConfig(
        other, plainHttp, trustedCertificates, tokenServices, userAgent, rate);
  }

  public RegistryClientConfig trusting(List<String> pemBundles) {
    return new RegistryClientConfig(
        credentials, plainHttp, pemBundles, tokenServices, userAgent, rate);
  }

  public RegistryClientConfig withPlainHttp(Set<String> registries) {
    return new RegistryClientConfig(
        credentials, registries, trustedCertificates, tokenServices, userAgent, rate);
  }

  public RegistryClientConfig withTokenServices(Map<String, Set<String>> allowed) {
    return new RegistryClientConfig(
        credentials, plainHttp, trustedCertificates, allowed, userAgent, rate);
  }

  public RegistryClientConfig limitedTo(RequestRate limit) {
    return new RegistryClientConfig(
        credentials, plainHttp, trustedCertificates, tokenServices, userAgent, limit);
  }

  /// Checks that a bundle has certificates that can be read.
  ///
  /// @throws IllegalArgumentException with a sentence when it has none, or a malformed one
  public static void checkAuthorities(String pemBundle) {
    RegistryTrust.read(pemBundle);
  }

  /// Whether the token service at one origin may be given the credentials of the registry at
  /// another.
  boolean mayShareCredentials(Origin registry, Origin tokenService) {
    if (registry.equals(tokenService)) {
      return true;
    }
    return tokenService.isEncrypted()
        && tokenService.port() == 443
        && (KNOWN_TOKEN_SERVICES
                .getOrDefault(registry.host(), Set.of())
                .contains(tokenService.host())
            || tokenServices.getOrDefault(registry.host(), Set.of()).contains(tokenService.host()));
  }
}
