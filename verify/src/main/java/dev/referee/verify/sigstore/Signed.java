package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A signature that is right, by whoever holds a key: what entries of logs have to be about.
///
/// @param signature the signature's bytes
/// @param certificate the signer's certificate in DER; null, there is none
/// @param key the signer's key in DER
/// @param content what is signed
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record Signed(byte[] signature, byte @Nullable [] certificate, byte[] key, SignedContent content) {
  Signed {
    requireNonNull(signature, "signature is null");
    requireNonNull(key, "key is null");
    requireNonNull(content, "content is null");
  }

  /// What is signed.
  sealed interface SignedContent {
    /// The hash of what the signature is over, by that algorithm; empty where it is not at hand.
    Optional<byte[]> hash(HashAlgorithm algorithm);

    /// The bytes of an artifact.
    record Message(Artifact artifact) implements SignedContent {
      @Override
      public Optional<byte[]> hash(HashAlgorithm algorithm) {
        return artifact.hash(algorithm);
      }
    }

    /// An envelope.
    @SuppressWarnings(
        "ArrayRecordComponent") // Never compared; whoever reads it does not change it.
    record Envelope(byte[] payload, String payloadType, byte[] encoding) implements SignedContent {
      @Override
      public Optional<byte[]> hash(HashAlgorithm algorithm) {
        return Optional.of(Hashes.of(algorithm, encoding));
      }
    }
  }
}
