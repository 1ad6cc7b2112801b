package dev.referee.verify.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.jspecify.annotations.Nullable;

/// What a certificate is to have. A new shape is one that suits its purpose; tests change it.
public final class CertificateShape {
  /// The time of most tests.
  public static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X500Name subject;
  private KeyPair keys = Keys.p256();
  private Instant from = NOW.minus(Duration.ofDays(10));
  private Instant to = NOW.plus(Duration.ofDays(10));
  private @Nullable BasicConstraints constraints;
  private boolean constraintsCritical = true;
  private int usage;
  private boolean usageCritical = true;
  private List<KeyPurposeId> purposes = List.of();
  private boolean purposesCritical;
  private BigInteger serial = new BigInteger(64, RANDOM).add(BigInteger.ONE);
  private @Nullable String algorithm;
  private final List<Extra> extras = new ArrayList<>();

  private record Extra(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {}

  private CertificateShape(X500Name subject) {
    this.subject = subject;
  }

  public static CertificateShape signer(String subject) {
    return signer(new X500Name(subject));
  }

  public static CertificateShape signer(X500Name subject) {
    return new CertificateShape(subject)
        .usage(KeyUsage.digitalSignature)
        .purposes(false, KeyPurposeId.id_kp_codeSigning);
  }

  public static CertificateShape authority(String subject) {
    return new CertificateShape(new X500Name(subject))
        .constraints(new BasicConstraints(true))
        .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
  }

  public static CertificateShape timestamper(String subject) {
    return signer(subject).purposes(true, KeyPurposeId.id_kp_timeStamping);
  }

  public static CertificateShape responder(String subject) {
    return signer(subject)
        .purposes(false, KeyPurposeId.id_kp_OCSPSigning)
        .extension(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE);
  }

  public CertificateShape keys(KeyPair pair) {
    keys = pair;
    return this;
  }

  public CertificateShape valid(Instant since, Instant until) {
    from = since;
    to = until;
    return this;
  }

  public CertificateShape constraints(@Nullable BasicConstraints value) {
    constraints = value;
    return this;
  }

  public CertificateShape constraintsNotCritical() {
    constraintsCritical = false;
    return this;
  }

  /// What the key is for.
  ///
  /// @param bits of [KeyUsage]; zero, none
  public CertificateShape usage(int bits) {
    usage = bits;
    return this;
  }

  public CertificateShape usageNotCritical() {
    usageCritical = false;
    return this;
  }

  public CertificateShape purposes(boolean critical, KeyPurposeId... ids) {
    purposes = List.of(ids);
    purposesCritical = critical;
    return this;
  }

  public CertificateShape serial(long number) {
    serial = BigInteger.valueOf(number);
    return this;
  }

  /// What the issuer signs with; its key's own, unless it is said.
  public CertificateShape signedBy(String name) {
    algorithm = name;
    return this;
  }

  public CertificateShape extension(
      ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    extras.add(new Extra(type, critical, value));
    return this;
  }

  /// Where a list of revoked certificates is.
  public CertificateShape list(String... addresses) {
    var points = new ArrayList<DistributionPoint>();
    for (var address : addresses) {
      points.add(new DistributionPoint(place(address), null, null));
    }
    return extension(
        Extension.cRLDistributionPoints,
        false,
        new CRLDistPoint(points.toArray(DistributionPoint[]::new)));
  }

  /// Where a responder is.
  public CertificateShape responderAt(String address) {
    return extension(
        Extension.authorityInfoAccess,
        false,
        new AuthorityInformationAccess(
            new AccessDescription(
                AccessDescription.id_ad_ocsp,
                new GeneralName(GeneralName.uniformResourceIdentifier, address))));
  }

  public static DistributionPointName place(String address) {
    return new DistributionPointName(
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, address)));
  }

  /// A certificate that its holder issued.
  public Issued selfSigned() {
    return build(null);
  }

  public Issued issuedBy(Issued issuer) {
    return build(issuer);
  }

  private Issued build(@Nullable Issued issuer) {
    try {
      var name =
          issuer == null
              ? subject
              : X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded());
      var builder =
          new JcaX509v3CertificateBuilder(
              name, serial, Date.from(from), Date.from(to), subject, keys.getPublic());
      if (constraints != null) {
        builder.addExtension(Extension.basicConstraints, constraintsCritical, constraints);
      }
      if (usage != 0) {
        builder.addExtension(Extension.keyUsage, usageCritical, new KeyUsage(usage));
      }
      if (!purposes.isEmpty()) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            purposesCritical,
            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      }
      for (var extra : extras) {
        builder.addExtension(extra.type(), extra.critical(), extra.value());
      }
      var signer = issuer == null ? keys : issuer.keys();
      var holder =
          builder.build(algorithm == null ? Keys.signer(signer) : Keys.signer(signer, algorithm));
      return new Issued(new JcaX509CertificateConverter().getCertificate(holder), keys, issuer);
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }
}
