package dev.referee.client;

import dev.referee.oci.Repository;

/// Knows which credentials belong to which repository.
@FunctionalInterface
public interface CredentialsSource {
  CredentialsSource ANONYMOUS = repository -> Credentials.ANONYMOUS;

  /// The credentials for a repository; anonymous where there are none. Asked at every request, so
  /// that rotated ones are taken up.
  Credentials credentials(Repository repository);
}
