package dev.referee.verify.trust;

import dev.referee.api.v1alpha1.HashAlgorithm;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;

/// How a key signs (Sigstore's algorithm registry). The key and its configuration decide, never the
/// signed document: nothing a signer writes can choose a weaker scheme.
enum SignatureScheme {
  ECDSA_SHA256("SHA-256"),
  ECDSA_SHA384("SHA-384"),
  ECDSA_SHA512("SHA-512"),
  RSA_PKCS1_SHA256("SHA256withRSA"),
  RSA_PKCS1_SHA384("SHA384withRSA"),
  RSA_PKCS1_SHA512("SHA512withRSA"),
  ED25519("Ed25519");

  private static final AlgorithmIdentifier SHA256 =
      new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);

  private final String jcaName;

  SignatureScheme(String jcaName) {
    this.jcaName = jcaName;
  }

  static SignatureScheme ecdsa(HashAlgorithm hash) {
    return switch (hash) {
      case SHA256 -> ECDSA_SHA256;
      case SHA384 -> ECDSA_SHA384;
      case SHA512 -> ECDSA_SHA512;
    };
  }

  static SignatureScheme rsa(HashAlgorithm hash) {
    return switch (hash) {
      case SHA256 -> RSA_PKCS1_SHA256;
      case SHA384 -> RSA_PKCS1_SHA384;
      case SHA512 -> RSA_PKCS1_SHA512;
    };
  }

  /// Whether the signature is this key's over this message. Anything malformed is simply not. ECDSA
  /// is for [EcdsaKey].
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      var verifier =
          this == ED25519
              ? Signature.getInstance(jcaName, Providers.BOUNCY_CASTLE)
              : Signature.getInstance(jcaName);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature that cannot even be decoded.
      return false;
    }
  }

  /// The same for a message of which only the SHA-256 is known.
  boolean verifiesSha256(PublicKey key, byte[] hash, byte[] signature) {
    if (this != RSA_PKCS1_SHA256) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("NONEwithRSA", Providers.BOUNCY_CASTLE);
      verifier.initVerify(key);
      verifier.update(new DigestInfo(SHA256, hash).getEncoded("DER"));
      return verifier.verify(signature);
    } catch (GeneralSecurityException | IOException e) {
      // A signature that cannot even be decoded.
      return false;
    }
  }

  /// What ECDSA signs of a message. The JDK hashes, six times as fast as Bouncy Castle would:
  /// attestations are megabytes.
  byte[] hash(byte[] message) {
    try {
      return MessageDigest.getInstance(jcaName).digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }

  Optional<HashAlgorithm> hashAlgorithm() {
    return switch (this) {
      case ECDSA_SHA256, RSA_PKCS1_SHA256 -> Optional.of(HashAlgorithm.SHA256);
      case ECDSA_SHA384, RSA_PKCS1_SHA384 -> Optional.of(HashAlgorithm.SHA384);
      case ECDSA_SHA512, RSA_PKCS1_SHA512 -> Optional.of(HashAlgorithm.SHA512);
      case ED25519 -> Optional.empty();
    };
  }
}
