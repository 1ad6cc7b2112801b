package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tokens of service accounts are accepted, and what for.
///
/// @param issuer who must have issued them
/// @param audiences whom they must be meant for, one of these
/// @param jwks where the issuer's keys are: an `https` URL or a path
/// @param caFile whom to trust at the URL; null for the system's authorities
/// @param tokenFile the Bearer token for the URL; null for none
/// @param grants what is granted
record ServiceAccountRules(
    String issuer,
    Set<String> audiences,
    String jwks,
    @Nullable Path caFile,
    @Nullable Path tokenFile,
    List<ServiceAccountGrant> grants) {
  ServiceAccountRules {
    requireNonNull(issuer, "issuer is null");
    requireNonNull(jwks, "jwks is null");
    audiences = Set.copyOf(audiences);
    grants = List.copyOf(grants);
  }

  /// What one service account, or every one of a namespace, may do.
  ///
  /// @param name of the service account; `*` for every one
  record ServiceAccountGrant(String namespace, String name, Grant grant) {
    private static final String EVERY = "*";

    boolean isFor(ServiceAccount account) {
      return namespace.equals(account.namespace())
          && (name.equals(EVERY) || name.equals(account.name()));
    }
  }

  Caller caller(ServiceAccount account) {
    return new Caller(
        account.toString(),
        false,
        grants.stream()
            .filter(grant -> grant.isFor(account))
            .map(ServiceAccountGrant::grant)
            .toList(),
        null);
  }
}
