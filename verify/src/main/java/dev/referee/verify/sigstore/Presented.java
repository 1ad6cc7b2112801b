package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What somebody presents as proof: a bundle, and what it is asked to be about.
///
/// @param bundle the bundle
/// @param artifact what it is asked to be about
/// @param stamped what each of its timestamps may be of: the signature, or what it stands in
public record Presented(Bundle bundle, Artifact artifact, List<byte[]> stamped) {
  public Presented {
    requireNonNull(bundle, "bundle is null");
    requireNonNull(artifact, "artifact is null");
    stamped = List.copyOf(stamped);
  }

  /// A bundle as it is.
  public static Presented of(Bundle bundle, Artifact artifact) {
    return new Presented(bundle, artifact, List.of(bundle.content().signature()));
  }
}
