package dev.referee.api.v1alpha1;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may speak for an image: the spec of ClusterSigner and of Signer. Exactly one of the kinds.
///
/// @param key the holder of a private key
/// @param keyless whoever a Sigstore instance knows by that identity
/// @param x509 whoever an authority of one's own knows by that identity
/// @param notation whoever signs with Notation
/// @param group several signers together
/// @param validFrom when the signer's word begins to count; absent, always
/// @param validUntil when it ceases to, for what was signed before as well; absent, never
public record SignerSpec(
    @Nullable KeySpec key,
    @Nullable KeylessSpec keyless,
    @Nullable X509Spec x509,
    @Nullable NotationSpec notation,
    @Nullable GroupSpec group,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil) {
  public SignerSpec {
    Specs.check(
        Stream.of(key, keyless, x509, notation, group).filter(Objects::nonNull).count() == 1,
        "a signer is exactly one of key, keyless, x509, notation or group");
    Specs.checkOrder(validFrom, validUntil);
  }

  /// A signer that is a key.
  public SignerSpec(@Nullable KeySpec key) {
    this(key, null, null, null, null, null, null);
  }

  /// A signer that is known by a Sigstore instance.
  public static SignerSpec of(KeylessSpec keyless) {
    return new SignerSpec(null, keyless, null, null, null, null, null);
  }

  /// A signer that is known by an authority of one's own.
  public static SignerSpec of(X509Spec x509) {
    return new SignerSpec(null, null, x509, null, null, null, null);
  }

  /// A signer that is known by trust stores of the Notary Project.
  public static SignerSpec of(NotationSpec notation) {
    return new SignerSpec(null, null, null, notation, null, null, null);
  }

  /// Several signers together.
  public static SignerSpec of(GroupSpec group) {
    return new SignerSpec(null, null, null, null, group, null, null);
  }

  /// The same signer, within bounds of time.
  public SignerSpec within(@Nullable Instant from, @Nullable Instant until) {
    return new SignerSpec(key, keyless, x509, notation, group, from, until);
  }
}
