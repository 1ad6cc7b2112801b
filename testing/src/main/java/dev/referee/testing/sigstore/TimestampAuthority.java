package dev.referee.testing.sigstore;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;

/// An authority for timestamps (RFC 3161): a root that issued the certificate it signs with.
public final class TimestampAuthority {
  private static final Duration LIFE = Duration.ofDays(3650);

  private final X509CertificateHolder root;
  private final X509CertificateHolder signer;
  private final SeededKey key;

  private TimestampAuthority(
      X509CertificateHolder root, X509CertificateHolder signer, SeededKey key) {
    this.root = requireNonNull(root, "root is null");
    this.signer = requireNonNull(signer, "signer is null");
    this.key = requireNonNull(key, "key is null");
  }

  /// A new authority, valid ten years around now.
  ///
  /// @param change what is different about the certificate that it signs with
  static TimestampAuthority create(
      SecureRandom random, String name, Instant now, Consumer<CertificateDraft> change) {
    var from = now.minus(LIFE.dividedBy(2));
    var to = now.plus(LIFE.dividedBy(2));
    var rootName = "O=%s,CN=timestamps root".formatted(name);
    var rootKey = SeededKey.generate(SeededKey.Kind.P384, random);
    var root =
        new CertificateDraft(
                SigningAuthority.serial(random), rootKey.publicKey(), rootName, rootName, from, to)
            .constraints(new BasicConstraints(0))
            .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    var key = SeededKey.generate(SeededKey.Kind.P256, random);
    var signer =
        new CertificateDraft(
                SigningAuthority.serial(random),
                key.publicKey(),
                rootName,
                "O=%s,CN=timestamps".formatted(name),
                from,
                to)
            .usage(KeyUsage.digitalSignature)
            .purposes(true, KeyPurposeId.id_kp_timeStamping);
    change.accept(signer);
    return new TimestampAuthority(root.signedBy(rootKey), signer.signedBy(rootKey), key);
  }

  /// As trust roots have it: the anchor last.
  public List<X509Certificate> chain() {
    return List.of(CertificateDraft.certificate(signer), CertificateDraft.certificate(root));
  }

  X509CertificateHolder root() {
    return root;
  }

  X509CertificateHolder signer() {
    return signer;
  }

  SeededKey key() {
    return key;
  }
}
