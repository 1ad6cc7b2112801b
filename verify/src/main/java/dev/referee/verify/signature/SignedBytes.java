package dev.referee.verify.signature;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.verify.trust.TrustedKey;

/// A signature of an artifact's own bytes, which for an image are its manifest: a Sigstore bundle
/// with a message signature, as `cosign sign-blob` makes it. Parsed, not proven.
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
public record SignedBytes(byte[] signature, SigningMaterial material, byte[] bundle)
    implements SignedContent {
  public SignedBytes {
    requireNonNull(signature, "signature is null");
    requireNonNull(material, "material is null");
    requireNonNull(bundle, "bundle is null");
  }

  /// Whether the signature is the key's over what has this digest. A scheme that hashes otherwise
  /// proves nothing this way.
  boolean isSignedBy(TrustedKey key, Digest artifact) {
    return artifact.algorithm() == DigestAlgorithm.SHA256
        && key.verifiesSha256(artifact.hash(), signature);
  }
}
