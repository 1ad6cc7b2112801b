package dev.referee.verify.trust;

import dev.referee.api.v1alpha1.HashAlgorithm;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// The public keys of logs, in the ways that trust roots write them (sigstore/protobuf-specs,
/// `sigstore_common.proto`, `PublicKeyDetails`).
final class LogKeys {
  private LogKeys() {}

  static TrustedKey read(byte[] raw, String details) throws UnusableKeyException {
    return switch (details) {
      case "PKIX_ECDSA_P256_SHA_256",
          "PKIX_RSA_PKCS1V15_2048_SHA256",
          "PKIX_RSA_PKCS1V15_3072_SHA256",
          "PKIX_RSA_PKCS1V15_4096_SHA256",
          "PKIX_RSA_PKCS1V5" ->
          TrustedKey.of(spki(raw), HashAlgorithm.SHA256);
      case "PKIX_ECDSA_P384_SHA_384" -> TrustedKey.of(spki(raw), HashAlgorithm.SHA384);
      case "PKIX_ECDSA_P521_SHA_512" -> TrustedKey.of(spki(raw), HashAlgorithm.SHA512);
      case "PKIX_ED25519" -> TrustedKey.of(spki(raw), null);
      // Not a SubjectPublicKeyInfo, in spite of everything around it.
      case "PKCS1_RSA_PKCS1V5" -> TrustedKey.of(pkcs1(raw), HashAlgorithm.SHA256);
      default ->
          throw new UnusableKeyException(
              "a key of kind %s is not used"
                  .formatted(details.substring(0, Math.min(details.length(), 60))));
    };
  }

  private static SubjectPublicKeyInfo spki(byte[] raw) throws UnusableKeyException {
    try {
      var key = SubjectPublicKeyInfo.getInstance(ASN1Primitive.fromByteArray(raw));
      // No bytes are read as nothing, without a word.
      if (key != null) {
        return key;
      }
    } catch (IOException | RuntimeException e) {
      // Refused below.
    }
    throw new UnusableKeyException("the key is not a DER SubjectPublicKeyInfo");
  }

  private static SubjectPublicKeyInfo pkcs1(byte[] raw) throws UnusableKeyException {
    try {
      return new SubjectPublicKeyInfo(
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
          RSAPublicKey.getInstance(ASN1Primitive.fromByteArray(raw)));
    } catch (IOException | RuntimeException e) {
      throw new UnusableKeyException("the key is not an RSA key of PKCS #1");
    }
  }
}
