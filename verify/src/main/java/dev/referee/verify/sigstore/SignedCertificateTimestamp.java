package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.SCT_INVALID;

import dev.referee.verify.signature.UnprovenException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;

/// What a log of certificates signs when it takes one in (RFC 6962 section 3.2). Parsed, not
/// proven.
///
/// @param logId which log
/// @param millis when, in milliseconds since the epoch
/// @param extensions of the log, signed too; logs with static tiles use them
/// @param signature by the log, over the certificate as it was before this was put into it
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record SignedCertificateTimestamp(byte[] logId, long millis, byte[] extensions, byte[] signature) {
  static final ASN1ObjectIdentifier EXTENSION = new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");

  private static final int MAX_TIMESTAMPS = 16;
  private static final int LOG_ID_BYTES = 32;
  private static final int SHA256 = 4;
  private static final int RSA = 1;
  private static final int ECDSA = 3;
  private static final int PRECERTIFICATE = 1;

  /// The timestamps in a certificate; none, it has none.
  static List<SignedCertificateTimestamp> of(X509Certificate certificate) throws UnprovenException {
    var value = certificate.getExtensionValue(EXTENSION.getId());
    if (value == null) {
      return List.of();
    }
    try {
      var outer = ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(value)).getOctets();
      return list(ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(outer)).getOctets());
    } catch (IOException | RuntimeException e) {
      throw malformed();
    }
  }

  static List<SignedCertificateTimestamp> list(byte[] content) throws UnprovenException {
    try {
      var all = ByteBuffer.wrap(content);
      var list = ByteBuffer.wrap(vector(all));
      if (all.hasRemaining()) {
        throw malformed();
      }
      var timestamps = new ArrayList<SignedCertificateTimestamp>();
      while (list.hasRemaining()) {
        if (timestamps.size() == MAX_TIMESTAMPS) {
          throw malformed();
        }
        timestamps.add(one(ByteBuffer.wrap(vector(list))));
      }
      return timestamps;
    } catch (BufferUnderflowException e) {
      throw malformed();
    }
  }

  private static SignedCertificateTimestamp one(ByteBuffer bytes) throws UnprovenException {
    if (bytes.get() != 0) {
      throw malformed();
    }
    var logId = new byte[LOG_ID_BYTES];
    bytes.get(logId);
    long millis = bytes.getLong();
    var extensions = vector(bytes);
    int hash = bytes.get();
    int algorithm = bytes.get();
    var signature = vector(bytes);
    if (millis < 0
        || hash != SHA256
        || (algorithm != RSA && algorithm != ECDSA)
        || bytes.hasRemaining()) {
      throw malformed();
    }
    return new SignedCertificateTimestamp(logId, millis, extensions, signature);
  }

  /// A vector of TLS with two bytes of length.
  private static byte[] vector(ByteBuffer bytes) {
    var content = new byte[Short.toUnsignedInt(bytes.getShort())];
    if (content.length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    bytes.get(content);
    return content;
  }

  Instant time() {
    return Instant.ofEpochMilli(millis);
  }

  /// What the log signed.
  ///
  /// @param issuerKeyHash SHA-256 of the key of who issued the certificate
  /// @param certificate the certificate without timestamps
  byte[] signedContent(byte[] issuerKeyHash, byte[] certificate) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      // Version 1, a timestamp of a certificate.
      out.writeShort(0);
      out.writeLong(millis);
      out.writeShort(PRECERTIFICATE);
      out.write(issuerKeyHash);
      out.writeByte(certificate.length >> 16);
      out.writeShort(certificate.length);
      out.write(certificate);
      out.writeShort(extensions.length);
      out.write(extensions);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static UnprovenException malformed() {
    return new UnprovenException(
        SCT_INVALID, "the certificate's proof that it is in a log of certificates is malformed");
  }
}
