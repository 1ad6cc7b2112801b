package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

/// What somebody presents as proof: a bundle, and what it is asked to be about.
///
/// @param bundle the bundle
/// @param artifact what it is asked to be about
/// @param stamped what its timestamps are of: the signature, but for cosign's old attestations
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
public record Presented(Bundle bundle, Artifact artifact, byte[] stamped) {
  public Presented {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(artifact, "artifact is null");
    requireNonNull(stamped, "stamped is null");
  }

  /// A bundle as it is.
  public static Presented of(Bundle bundle, Artifact artifact) {
    return new Presented(bundle, artifact, bundle.content().signature());
  }
}
