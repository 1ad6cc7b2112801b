package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;

import dev.referee.verify.signature.UnprovenException;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.Extension;

/// What a log of certificates signed: the certificate as it was before the log's timestamps were
/// put into it (RFC 6962 section 3.2, `TBSCertificate`).
final class PrecertificateContent {
  private static final int EXTENSIONS_TAG = 3;

  private PrecertificateContent() {}

  static byte[] of(X509Certificate certificate) throws UnprovenException {
    try {
      var fields = ASN1Sequence.getInstance(certificate.getTBSCertificate());
      var rebuilt = new ASN1EncodableVector();
      for (var field : fields) {
        if (field instanceof ASN1TaggedObject tagged && tagged.getTagNo() == EXTENSIONS_TAG) {
          rebuilt.add(new DERTaggedObject(true, EXTENSIONS_TAG, withoutTimestamps(tagged)));
        } else {
          rebuilt.add(field);
        }
      }
      return new DERSequence(rebuilt).getEncoded("DER");
    } catch (CertificateEncodingException | IOException | RuntimeException e) {
      throw new UnprovenException(
          CERTIFICATE_INVALID, "the certificate's extensions are malformed");
    }
  }

  private static DERSequence withoutTimestamps(ASN1TaggedObject extensions) {
    var kept = new ASN1EncodableVector();
    for (var element : ASN1Sequence.getInstance(extensions, true)) {
      var extension = Extension.getInstance(element);
      if (!extension.getExtnId().equals(SignedCertificateTimestamp.EXTENSION)) {
        kept.add(element);
      }
    }
    return new DERSequence(kept);
  }
}
