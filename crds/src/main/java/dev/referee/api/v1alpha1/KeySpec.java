package dev.referee.api.v1alpha1;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A public key, written out or kept elsewhere: exactly one of the three.
///
/// @param publicKey one PEM block, `BEGIN PUBLIC KEY`
/// @param secretKeyRef the value of a Secret that is such a block
/// @param configMapKeyRef the value of a ConfigMap that is such a block
/// @param hashAlgorithm absent, what Sigstore uses for such a key
public record KeySpec(
    @Nullable String publicKey,
    @Nullable KeyReference secretKeyRef,
    @Nullable KeyReference configMapKeyRef,
    @Nullable HashAlgorithm hashAlgorithm) {
  public KeySpec {
    Specs.check(publicKey == null || !publicKey.isEmpty(), "publicKey is missing");
    Specs.check(
        Stream.of(publicKey, secretKeyRef, configMapKeyRef).filter(Objects::nonNull).count() == 1,
        "a key is exactly one of publicKey, secretKeyRef or configMapKeyRef");
  }

  /// A key that is written out.
  public static KeySpec of(String publicKey, @Nullable HashAlgorithm hashAlgorithm) {
    return new KeySpec(publicKey, null, null, hashAlgorithm);
  }
}
