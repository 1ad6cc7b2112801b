package dev.referee.testing.sigstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.cert.X509CertificateHolder;

/// How a certificate carries the promises of logs (RFC 6962 section 3.3).
public final class CertificateTimestamps {
  private static final ASN1ObjectIdentifier LIST =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");

  /// What makes a precertificate useless as a certificate.
  private static final ASN1ObjectIdentifier POISON =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.3");

  private CertificateTimestamps() {}

  static void into(CertificateDraft draft, List<byte[]> timestamps) {
    var list =
        CertificateTimestampDraft.written(
            out -> {
              for (var timestamp : timestamps) {
                out.writeShort(timestamp.length);
                out.write(timestamp);
              }
            });
    var vector =
        CertificateTimestampDraft.written(
            out -> {
              out.writeShort(list.length);
              out.write(list);
            });
    draft.extension(LIST, false, new DEROctetString(vector));
  }

  /// Leaves the poison of precertificates in.
  public static void poison(CertificateDraft draft) {
    draft.extension(POISON, true, DERNull.INSTANCE);
  }

  /// What logs sign of a certificate that carries no promise yet.
  static byte[] content(X509CertificateHolder certificate) {
    try {
      return certificate.toASN1Structure().getTBSCertificate().getEncoded("DER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
