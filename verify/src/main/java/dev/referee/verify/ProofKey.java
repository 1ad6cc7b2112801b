package dev.referee.verify;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.Repository;
import dev.referee.verify.policy.Requirement;

/// What a proof is about. Everything that its outcome depends on, beside the evidence itself, is
/// part of it: two keys are equal only when the same signers with the same trust material are asked
/// for.
///
/// @param repository where the evidence is
/// @param artifact what the evidence is about
/// @param requirement what it has to prove
public record ProofKey(Repository repository, Digest artifact, Requirement requirement) {
  public ProofKey {
    requireNonNull(repository, "repository is null");
    requireNonNull(artifact, "artifact is null");
    requireNonNull(requirement, "requirement is null");
  }
}
