package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.oci.Digest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/// A public key that a policy trusts, with the one way in which it signs.
public final class TrustedKey {
  private static final int MIN_RSA_BITS = 2048;

  /// Verification time grows with the square of the length.
  private static final int MAX_RSA_BITS = 8192;

  /// Named curves only: explicit parameters let an attacker choose the generator (CVE-2020-0601).
  private static final Map<ASN1ObjectIdentifier, HashAlgorithm> CURVES =
      Map.of(
          SECObjectIdentifiers.secp256r1, HashAlgorithm.SHA256,
          SECObjectIdentifiers.secp384r1, HashAlgorithm.SHA384,
          SECObjectIdentifiers.secp521r1, HashAlgorithm.SHA512);

  /// What checks signatures.
  private sealed interface Checker {
    record Ecdsa(EcdsaKey key) implements Checker {}

    record Provider(PublicKey key) implements Checker {}
  }

  private final Checker checker;
  private final byte[] encoded;
  private final SignatureScheme scheme;
  private final Digest fingerprint;

  private TrustedKey(Checker checker, byte[] encoded, SignatureScheme scheme) {
    this.checker = requireNonNull(checker, "checker is null");
    this.encoded = requireNonNull(encoded, "encoded is null");
    this.scheme = requireNonNull(scheme, "scheme is null");
    this.fingerprint = Digest.of(encoded);
  }

  private static TrustedKey of(PublicKey key, SignatureScheme scheme) {
    return new TrustedKey(new Checker.Provider(key), key.getEncoded(), scheme);
  }

  /// Reads a key.
  ///
  /// @param pem one block `BEGIN PUBLIC KEY`
  /// @param hash what the holder hashes with; null for what Sigstore uses for such a key
  /// @throws UnusableKeyException when it is none, or none that is trusted to be strong
  public static TrustedKey parse(String pem, @Nullable HashAlgorithm hash)
      throws UnusableKeyException {
    return of(PemPublicKey.read(pem), hash);
  }

  /// Takes a key that was read elsewhere: out of a certificate, or out of a trust root.
  ///
  /// @param info the key
  /// @param hash what the holder hashes with; null for what Sigstore uses for such a key
  /// @throws UnusableKeyException when it is none that is trusted to be strong
  public static TrustedKey of(SubjectPublicKeyInfo info, @Nullable HashAlgorithm hash)
      throws UnusableKeyException {
    var algorithm = info.getAlgorithm().getAlgorithm();
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return ec(info, hash);
    }
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return rsa(info, hash == null ? HashAlgorithm.SHA256 : hash);
    }
    if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
      if (hash != null) {
        throw new UnusableKeyException("an Ed25519 key takes no hashAlgorithm");
      }
      return of(ed25519(info), SignatureScheme.ED25519);
    }
    throw new UnusableKeyException(
        "a key of algorithm %s is neither ECDSA, RSA nor Ed25519".formatted(algorithm.getId()));
  }

  private static TrustedKey ec(SubjectPublicKeyInfo info, @Nullable HashAlgorithm hash)
      throws UnusableKeyException {
    if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
        || !CURVES.containsKey(curve)) {
      throw new UnusableKeyException("the key is not on one of the curves P-256, P-384 and P-521");
    }
    var natural = CURVES.getOrDefault(curve, HashAlgorithm.SHA256);
    try {
      var key = EcdsaKey.of(curve, info.getPublicKeyData().getOctets());
      return new TrustedKey(
          new Checker.Ecdsa(key),
          key.encoded(),
          SignatureScheme.ecdsa(hash == null ? natural : hash));
    } catch (IllegalArgumentException | IllegalStateException e) {
      // The latter is what Bouncy Castle says to bits that are no bytes.
      throw new UnusableKeyException("the EC key is malformed");
    }
  }

  private static TrustedKey rsa(SubjectPublicKeyInfo info, HashAlgorithm hash)
      throws UnusableKeyException {
    try {
      var key =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA")
                  .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
      int bits = key.getModulus().bitLength();
      if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
        throw new UnusableKeyException(
            "the RSA key has %d bits, not %d to %d".formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS));
      }
      return of(key, SignatureScheme.rsa(hash));
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableKeyException("the RSA key is malformed");
    }
  }

  private static PublicKey ed25519(SubjectPublicKeyInfo info) throws UnusableKeyException {
    try {
      return KeyFactory.getInstance("Ed25519", Providers.BOUNCY_CASTLE)
          .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException
        | IOException
        | IllegalArgumentException
        | IllegalStateException e) {
      throw new UnusableKeyException("the Ed25519 key is malformed");
    }
  }

  /// Whether the signature is this key's over this message.
  public boolean verifies(byte[] message, byte[] signature) {
    return switch (checker) {
      case Checker.Ecdsa(var key) -> key.verifies(scheme.hash(message), signature);
      case Checker.Provider(var key) -> scheme.verifies(key, message, signature);
    };
  }

  /// Whether the signature is this key's over a message of which only the SHA-256 is at hand. A
  /// scheme that hashes otherwise, or that takes the whole message, proves nothing this way.
  public boolean verifiesSha256(byte[] hash, byte[] signature) {
    return switch (checker) {
      case Checker.Ecdsa(var key) ->
          hashAlgorithm().equals(Optional.of(HashAlgorithm.SHA256))
              && key.verifies(hash, signature);
      case Checker.Provider(var key) -> scheme.verifiesSha256(key, hash, signature);
    };
  }

  /// What this key's holder hashes messages with; empty where the scheme takes whole messages.
  public Optional<HashAlgorithm> hashAlgorithm() {
    return scheme.hashAlgorithm();
  }

  /// The key in DER, a SubjectPublicKeyInfo; callers do not change it.
  public byte[] encoded() {
    return encoded;
  }

  /// SHA-256 of the key's DER: two signers with one fingerprint are one signer.
  public Digest fingerprint() {
    return fingerprint;
  }

  /// What Sigstore bundles carry to point at this key. A hint selects, it never proves.
  public String hint() {
    return Base64.getEncoder().encodeToString(fingerprint.hash());
  }

  /// One key used in one way, wherever it was read from: what was proven with it stays proven when
  /// policies are compiled anew.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustedKey that
        && fingerprint.equals(that.fingerprint)
        && scheme.equals(that.scheme);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }
}
