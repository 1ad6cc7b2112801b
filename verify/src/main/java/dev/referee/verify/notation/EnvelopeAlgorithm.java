package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Providers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/// How an envelope is signed. The certificate's key decides, and the envelope's own word has to
/// agree (signature-specification.md, "Algorithm Selection"): `none` and HMAC do not exist here.
enum EnvelopeAlgorithm {
  PS256(-37, "SHA-256", 32),
  PS384(-38, "SHA-384", 48),
  PS512(-39, "SHA-512", 64),
  ES256(-7, "SHA-256", 64),
  ES384(-35, "SHA-384", 96),
  ES512(-36, "SHA-512", 132);

  /// Named curves only: explicit parameters let an attacker choose the generator (CVE-2020-0601).
  private static final Map<ASN1ObjectIdentifier, EnvelopeAlgorithm> CURVES =
      Map.of(
          SECObjectIdentifiers.secp256r1, ES256,
          SECObjectIdentifiers.secp384r1, ES384,
          SECObjectIdentifiers.secp521r1, ES512);

  private final int coseLabel;
  private final String hash;
  private final int bytes;

  /// @param coseLabel its number in COSE's registry; its name in JOSE's is that of the constant
  /// @param bytes of the salt for RSA, of the signature for curves
  EnvelopeAlgorithm(int coseLabel, String hash, int bytes) {
    this.coseLabel = coseLabel;
    this.hash = hash;
    this.bytes = bytes;
  }

  int coseLabel() {
    return coseLabel;
  }

  /// The key of a certificate.
  ///
  /// @throws UnprovenException with `CERTIFICATE_INVALID` when it has none that can be read
  static PublicKey key(X509Certificate certificate) throws UnprovenException {
    try {
      // Bouncy Castle says null to unknown algorithms, and an exception to malformed keys.
      @Nullable PublicKey key = certificate.getPublicKey();
      if (key != null) {
        return key;
      }
    } catch (RuntimeException e) {
      // Refused below.
    }
    throw unusable("that cannot be read");
  }

  /// The one algorithm with which a key signs.
  ///
  /// @throws UnprovenException with `CERTIFICATE_INVALID` for keys that are not used
  static EnvelopeAlgorithm of(PublicKey key) throws UnprovenException {
    var info = info(key);
    var algorithm = info.getAlgorithm().getAlgorithm();
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return ofCurve(info.getAlgorithm().getParameters());
    }
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return ofLength(rsa(info).getModulus().bitLength());
    }
    throw unusable("of algorithm " + algorithm.getId());
  }

  private static EnvelopeAlgorithm ofCurve(ASN1Encodable parameters) throws UnprovenException {
    var algorithm = parameters instanceof ASN1ObjectIdentifier curve ? CURVES.get(curve) : null;
    if (algorithm == null) {
      throw unusable("on none of the curves P-256, P-384 and P-521");
    }
    return algorithm;
  }

  private static EnvelopeAlgorithm ofLength(int bits) throws UnprovenException {
    return switch (bits) {
      case 2048 -> PS256;
      case 3072 -> PS384;
      case 4096 -> PS512;
      default -> throw unusable("for RSA with %d bits, not 2048, 3072 or 4096".formatted(bits));
    };
  }

  /// Whether the signature is this key's over this message. Anything malformed is simply not.
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      var verifier =
          switch (this) {
            case PS256, PS384, PS512 -> {
              var pss = Signature.getInstance("RSASSA-PSS");
              pss.setParameter(
                  new PSSParameterSpec(
                      hash,
                      "MGF1",
                      new MGF1ParameterSpec(hash),
                      bytes,
                      PSSParameterSpec.TRAILER_FIELD_BC));
              pss.initVerify(rsa(info(key)));
              yield pss;
            }
            case ES256, ES384, ES512 -> {
              // r and s side by side, each as long as the curve (RFC 7518 section 3.4).
              if (signature.length != bytes) {
                yield null;
              }
              var ecdsa =
                  Signature.getInstance(
                      hash.replace("-", "") + "withPLAIN-ECDSA", Providers.BOUNCY_CASTLE);
              ecdsa.initVerify(key);
              yield ecdsa;
            }
          };
      if (verifier == null) {
        return false;
      }
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | UnprovenException | RuntimeException e) {
      return false;
    }
  }

  private static SubjectPublicKeyInfo info(PublicKey key) throws UnprovenException {
    try {
      return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    } catch (RuntimeException e) {
      throw unusable("that is malformed");
    }
  }

  private static RSAPublicKey rsa(SubjectPublicKeyInfo info) throws UnprovenException {
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw unusable("for RSA that is malformed");
    }
  }

  private static UnprovenException unusable(String what) {
    return new UnprovenException(CERTIFICATE_INVALID, "the certificate has a key " + what);
  }
}
