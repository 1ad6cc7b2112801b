package dev.referee.testing.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/// What a log of certificates is about to promise for a certificate (RFC 6962 section 3.2).
public final class CertificateTimestampDraft {
  private static final int SHA256 = 4;
  private static final int ECDSA = 3;
  private static final int PRECERTIFICATE = 1;

  private byte[] logId;
  private SeededKey signer;
  private Instant time;
  private byte[] extensions = new byte[0];
  private byte[] issuerKey;
  private byte[] certificate;

  CertificateTimestampDraft(SeededKey log, Instant time, byte[] issuerKey, byte[] certificate) {
    this.signer = requireNonNull(log, "log is null");
    this.logId = log.id();
    this.time = requireNonNull(time, "time is null");
    this.issuerKey = requireNonNull(issuerKey, "issuerKey is null");
    this.certificate = requireNonNull(certificate, "certificate is null");
  }

  /// By another log altogether.
  public CertificateTimestampDraft log(SeededKey log) {
    logId = log.id();
    signer = log;
    return this;
  }

  /// In the name of the log, by another key.
  public CertificateTimestampDraft signedBy(SeededKey key) {
    signer = key;
    return this;
  }

  public CertificateTimestampDraft at(Instant other) {
    time = other;
    return this;
  }

  /// As logs with static tiles have them.
  public CertificateTimestampDraft extensions(byte[] other) {
    extensions = other;
    return this;
  }

  /// As if another authority had issued the certificate.
  ///
  /// @param key its public key in DER
  public CertificateTimestampDraft issuerKey(byte[] key) {
    issuerKey = key;
    return this;
  }

  /// For another certificate.
  ///
  /// @param content what is signed of it, without timestamps
  public CertificateTimestampDraft certificate(byte[] content) {
    certificate = content;
    return this;
  }

  byte[] signed() {
    var signature = signer.sign(content());
    return written(
        out -> {
          out.writeByte(0);
          out.write(logId);
          out.writeLong(time.toEpochMilli());
          out.writeShort(extensions.length);
          out.write(extensions);
          out.writeByte(SHA256);
          out.writeByte(ECDSA);
          out.writeShort(signature.length);
          out.write(signature);
        });
  }

  private byte[] content() {
    return written(
        out -> {
          out.writeShort(0);
          out.writeLong(time.toEpochMilli());
          out.writeShort(PRECERTIFICATE);
          out.write(DigestAlgorithm.SHA256.newHasher().digest(issuerKey));
          out.writeByte(certificate.length >> 16);
          out.writeShort(certificate.length);
          out.write(certificate);
          out.writeShort(extensions.length);
          out.write(extensions);
        });
  }

  /// Something that is written in the language of TLS.
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  static byte[] written(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }
}
