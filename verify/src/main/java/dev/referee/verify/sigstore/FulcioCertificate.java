package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.jspecify.annotations.Nullable;

/// What a certificate of Fulcio claims about its holder. Claims become facts when the certificate
/// is proven.
final class FulcioCertificate {
  private static final String EXTENSIONS = "1.3.6.1.4.1.57264.1.";

  /// The issuer as it was written first: bare text where later extensions hold DER.
  private static final String OLD_ISSUER = EXTENSIONS + "1";

  private static final ASN1ObjectIdentifier USERNAME = new ASN1ObjectIdentifier(EXTENSIONS + "7");

  private static final int MAX_CHARS = 8 * 1024;

  private FulcioCertificate() {}

  /// Reads the claims.
  ///
  /// @throws UnprovenException with `CERTIFICATE_INVALID`, when one is malformed or contradicts
  ///   another
  static Map<CertificateClaim, String> claims(X509Certificate certificate)
      throws UnprovenException {
    var claims = new EnumMap<CertificateClaim, String>(CertificateClaim.class);
    claims.put(CertificateClaim.SUBJECT, subject(certificate));
    for (var claim : CertificateClaim.values()) {
      if (claim.extension().isPresent()) {
        var value = value(certificate, EXTENSIONS + claim.extension().getAsInt());
        if (value != null) {
          claims.put(claim, text(value));
        }
      }
    }
    var oldIssuer = value(certificate, OLD_ISSUER);
    if (oldIssuer != null) {
      var issuer = bareText(oldIssuer);
      var previous = claims.putIfAbsent(CertificateClaim.ISSUER, issuer);
      if (previous != null && !previous.equals(issuer)) {
        throw invalid("names two issuers");
      }
    }
    return Collections.unmodifiableMap(claims);
  }

  private static String subject(X509Certificate certificate) throws UnprovenException {
    var value = value(certificate, Extension.subjectAlternativeName.getId());
    if (value == null) {
      throw invalid("has no subject alternative name");
    }
    GeneralName[] names;
    try {
      names = GeneralNames.getInstance(ASN1Primitive.fromByteArray(value)).getNames();
    } catch (IOException | RuntimeException e) {
      throw invalid("has a malformed subject alternative name");
    }
    // With two, which one would be the signer's?
    if (names.length != 1) {
      throw invalid("has %d subject alternative names, not 1".formatted(names.length));
    }
    return text(names[0]);
  }

  private static String text(GeneralName name) throws UnprovenException {
    try {
      var text =
          switch (name.getTagNo()) {
            case GeneralName.uniformResourceIdentifier, GeneralName.rfc822Name ->
                name.getName().toString();
            case GeneralName.otherName -> username(OtherName.getInstance(name.getName()));
            default -> throw invalid("has a subject alternative name of a kind that is not read");
          };
      if (text.isEmpty() || text.length() > MAX_CHARS) {
        throw invalid("has a subject alternative name that is empty or too long");
      }
      return text;
    } catch (RuntimeException e) {
      throw invalid("has a malformed subject alternative name");
    }
  }

  private static String username(OtherName name) throws UnprovenException {
    if (!name.getTypeID().equals(USERNAME)) {
      throw invalid("has another name than a user name");
    }
    return ASN1UTF8String.getInstance(name.getValue()).getString();
  }

  private static byte @Nullable [] value(X509Certificate certificate, String oid)
      throws UnprovenException {
    var value = certificate.getExtensionValue(oid);
    if (value == null) {
      return null;
    }
    try {
      return ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(value)).getOctets();
    } catch (IOException | RuntimeException e) {
      throw invalid("has a malformed extension " + oid);
    }
  }

  private static String text(byte[] der) throws UnprovenException {
    try {
      if (der.length <= MAX_CHARS
          && ASN1Primitive.fromByteArray(der) instanceof ASN1UTF8String text) {
        return text.getString();
      }
    } catch (IOException | RuntimeException e) {
      // Refused below.
    }
    throw invalid("has an extension of Fulcio that is not text");
  }

  private static String bareText(byte[] bytes) throws UnprovenException {
    try {
      if (bytes.length <= MAX_CHARS) {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (CharacterCodingException e) {
      // Refused below.
    }
    throw invalid("has an issuer that is not text");
  }

  private static UnprovenException invalid(String what) {
    return new UnprovenException(CERTIFICATE_INVALID, "the certificate " + what);
  }
}
