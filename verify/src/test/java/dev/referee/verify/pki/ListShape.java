package dev.referee.verify.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.jspecify.annotations.Nullable;

/// What a list of revoked certificates is to have.
public final class ListShape {
  private final Issued issuer;
  private final X509v2CRLBuilder builder;
  private @Nullable String algorithm;

  private ListShape(Issued issuer, X500Name name, Instant start, @Nullable Instant end) {
    this.issuer = issuer;
    this.builder = new X509v2CRLBuilder(name, Date.from(start));
    if (end != null) {
      builder.setNextUpdate(Date.from(end));
    }
  }

  /// A list that is of today.
  public static ListShape of(Issued issuer) {
    return of(
        issuer,
        CertificateShape.NOW.minus(Duration.ofHours(1)),
        CertificateShape.NOW.plus(Duration.ofHours(1)));
  }

  /// A list of that time.
  ///
  /// @param end null, it does not say
  public static ListShape of(Issued issuer, Instant start, @Nullable Instant end) {
    return new ListShape(
        issuer,
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
        start,
        end);
  }

  /// A list in the name of one authority that another signed.
  public static ListShape forged(Issued named, Issued signer) {
    var name = X500Name.getInstance(named.certificate().getSubjectX500Principal().getEncoded());
    return new ListShape(
        signer,
        name,
        CertificateShape.NOW.minus(Duration.ofHours(1)),
        CertificateShape.NOW.plus(Duration.ofHours(1)));
  }

  public ListShape revoke(X509Certificate certificate, int reason) {
    builder.addCRLEntry(
        certificate.getSerialNumber(),
        Date.from(CertificateShape.NOW.minus(Duration.ofHours(2))),
        reason);
    return this;
  }

  public ListShape revoke(X509Certificate certificate, int reason, Instant invalidSince) {
    builder.addCRLEntry(
        certificate.getSerialNumber(),
        Date.from(CertificateShape.NOW.minus(Duration.ofHours(2))),
        reason,
        Date.from(invalidSince));
    return this;
  }

  public ListShape number(long number) {
    return extension(Extension.cRLNumber, false, new ASN1Integer(BigInteger.valueOf(number)));
  }

  /// An addition to the complete list of that number.
  public ListShape additionTo(long number) {
    return extension(
        Extension.deltaCRLIndicator, true, new ASN1Integer(BigInteger.valueOf(number)));
  }

  /// Where additions are.
  public ListShape additionsAt(String address) {
    return extension(
        Extension.freshestCRL,
        false,
        new CRLDistPoint(
            new DistributionPoint[] {
              new DistributionPoint(CertificateShape.place(address), null, null)
            }));
  }

  public ListShape extension(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    try {
      builder.addExtension(type, critical, value);
      return this;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public ListShape signedBy(String name) {
    algorithm = name;
    return this;
  }

  public byte[] der() {
    try {
      var signer = algorithm == null ? issuer.signer() : Keys.signer(issuer.keys(), algorithm);
      return builder.build(signer).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
