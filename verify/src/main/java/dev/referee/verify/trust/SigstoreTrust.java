package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// Sigstore instances that are trusted, and what signatures must prove by one of them.
///
/// @param roots one of each instance, at least one
/// @param profile what has to be proven
public record SigstoreTrust(List<TrustRoot> roots, ProofProfile profile) {
  public SigstoreTrust {
    roots = List.copyOf(roots);
    requireNonNull(profile, "profile is null");
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no trust root");
    }
  }
}
