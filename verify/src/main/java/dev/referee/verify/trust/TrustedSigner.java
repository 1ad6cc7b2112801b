package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ResourceId;
import java.util.stream.Stream;

/// A signer that a policy names, ready to check signatures with.
///
/// @param id the Signer or ClusterSigner
/// @param credential by what its signatures are known
/// @param validity when its word counts
public record TrustedSigner(ResourceId id, Credential credential, Validity validity) {
  public TrustedSigner {
    requireNonNull(id, "id is null");
    requireNonNull(credential, "credential is null");
    requireNonNull(validity, "validity is null");
  }

  /// The holder of a key, at any time.
  public static TrustedSigner of(ResourceId id, TrustedKey key) {
    return new TrustedSigner(id, new Credential.Key(key, Validity.ALWAYS, null), Validity.ALWAYS);
  }

  /// The name that policies use.
  public String name() {
    return id.name();
  }

  /// Those who sign: the signer itself, or the members of the group, and of groups in it.
  public Stream<TrustedSigner> leaves() {
    return credential instanceof Credential.Group group
        ? group.members().stream().flatMap(TrustedSigner::leaves)
        : Stream.of(this);
  }
}
