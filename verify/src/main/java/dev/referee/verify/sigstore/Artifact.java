package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.verify.trust.TrustedKey;
import java.util.Optional;

/// What a signature is asked to be about.
public sealed interface Artifact {
  /// Its digest, by which statements name it.
  Digest digest();

  /// Its hash by that algorithm; empty where it is not at hand.
  Optional<byte[]> hash(HashAlgorithm algorithm);

  /// Whether the signature is the key's over it.
  boolean isSignedBy(TrustedKey key, byte[] signature);

  /// An artifact at hand.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  record Content(byte[] bytes) implements Artifact {
    public Content {
      requireNonNull(bytes, "bytes is null");
    }

    @Override
    public Digest digest() {
      return Digest.of(bytes);
    }

    @Override
    public Optional<byte[]> hash(HashAlgorithm algorithm) {
      return Optional.of(Hashes.of(algorithm, bytes));
    }

    @Override
    public boolean isSignedBy(TrustedKey key, byte[] signature) {
      return key.verifies(bytes, signature);
    }
  }

  /// An artifact of which the digest is known. A signature by a scheme that does not hash with that
  /// algorithm cannot be checked so, and proves nothing.
  record Named(Digest digest) implements Artifact {
    public Named {
      requireNonNull(digest, "digest is null");
    }

    @Override
    public Optional<byte[]> hash(HashAlgorithm algorithm) {
      boolean same =
          switch (algorithm) {
            case SHA256 -> digest.algorithm() == DigestAlgorithm.SHA256;
            case SHA512 -> digest.algorithm() == DigestAlgorithm.SHA512;
            case SHA384 -> false;
          };
      return same ? Optional.of(digest.hash()) : Optional.empty();
    }

    @Override
    public boolean isSignedBy(TrustedKey key, byte[] signature) {
      return digest.algorithm() == DigestAlgorithm.SHA256
          && key.verifiesSha256(digest.hash(), signature);
    }
  }
}
