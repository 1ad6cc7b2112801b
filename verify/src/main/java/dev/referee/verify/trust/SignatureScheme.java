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

  /// Whether the signature is this key's over this message. Anything malformed is simply not.
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      var verifier = verifier();
      verifier.initVerify(key);
      verifier.update(signedPart(message));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature that cannot even be decoded.
      return false;
    }
  }

  /// The same for a message of which only the SHA-256 is known.
  boolean verifiesSha256(PublicKey key, byte[] hash, byte[] signature) {
    try {
      return switch (this) {
        case ECDSA_SHA256 -> {
          var verifier = verifier();
          verifier.initVerify(key);
          verifier.update(hash);
          yield verifier.verify(signature);
        }
        case RSA_PKCS1_SHA256 -> {
          var verifier = Signature.getInstance("NONEwithRSA", Providers.BOUNCY_CASTLE);
          verifier.initVerify(key);
          verifier.update(new DigestInfo(SHA256, hash).getEncoded("DER"));
          yield verifier.verify(signature);
        }
        case ECDSA_SHA384, ECDSA_SHA512, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, ED25519 -> false;
      };
    } catch (GeneralSecurityException | IOException e) {
      // A signature that cannot even be decoded.
      return false;
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

  private Signature verifier() throws NoSuchAlgorithmException {
    return switch (this) {
      case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 ->
          Signature.getInstance("NONEwithECDSA", Providers.BOUNCY_CASTLE);
      case RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 -> Signature.getInstance(jcaName);
      case ED25519 -> Signature.getInstance(jcaName, Providers.BOUNCY_CASTLE);
    };
  }

  /// For ECDSA the JDK hashes, six times as fast as Bouncy Castle would: attestations are
  /// megabytes.
  private byte[] signedPart(byte[] message) throws NoSuchAlgorithmException {
    return switch (this) {
      case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 ->
          MessageDigest.getInstance(jcaName).digest(message);
      case RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, ED25519 -> message;
    };
  }
}
