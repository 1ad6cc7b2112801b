package dev.referee.api.v1alpha1;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A public key, written out or kept elsewhere: exactly one of the three.
///
/// @param publicKey one PEM block, `BEGIN PUBLIC KEY`
/// @param secretKeyRef the value of a Secret that is such a block
/// @param configMapKeyRef the value of a ConfigMap that is such a block
/// @param hashAlgorithm absent, what Sigstore uses for such a key
/// @param trustRoot the ClusterTrustRoot whose logs and timestamp authorities have to prove what it
///   asks for; absent, the signature is enough
/// @param validFrom since when the key was in use; absent, always
/// @param validUntil until when: what is not proven to have been signed before does not count from
///   then on; absent, it still is
public record KeySpec(
    @Nullable String publicKey,
    @Nullable KeyReference secretKeyRef,
    @Nullable KeyReference configMapKeyRef,
    @Nullable HashAlgorithm hashAlgorithm,
    @Nullable String trustRoot,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil) {
  public KeySpec {
    Specs.check(publicKey == null || !publicKey.isEmpty(), "publicKey is missing");
    Specs.check(
        Stream.of(publicKey, secretKeyRef, configMapKeyRef).filter(Objects::nonNull).count() == 1,
        "a key is exactly one of publicKey, secretKeyRef or configMapKeyRef");
    Specs.check(trustRoot == null || !trustRoot.isEmpty(), "trustRoot is missing");
    Specs.checkOrder(validFrom, validUntil);
  }

  /// A key that is written out.
  public static KeySpec of(String publicKey, @Nullable HashAlgorithm hashAlgorithm) {
    return new KeySpec(publicKey, null, null, hashAlgorithm, null, null, null);
  }

  /// The same key, within bounds of time.
  public KeySpec within(@Nullable Instant from, @Nullable Instant until) {
    return new KeySpec(
        publicKey, secretKeyRef, configMapKeyRef, hashAlgorithm, trustRoot, from, until);
  }
}
