package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;

/// A certificate before it is signed: every field can still be made wrong.
public final class CertificateDraft {
  /// Below which Fulcio's own extensions are (sigstore/fulcio, docs/oid-info.md).
  public static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  private final BigInteger serial;
  private PublicKey key;
  private X500Name issuer;
  private X500Name subject;
  private Instant from;
  private Instant to;
  private final List<GeneralName> names = new ArrayList<>();
  private final Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();

  CertificateDraft(
      BigInteger serial, PublicKey key, String issuer, String subject, Instant from, Instant to) {
    this.serial = requireNonNull(serial, "serial is null");
    this.key = requireNonNull(key, "key is null");
    this.issuer = new X500Name(issuer);
    this.subject = new X500Name(subject);
    this.from = requireNonNull(from, "from is null");
    this.to = requireNonNull(to, "to is null");
  }

  public CertificateDraft key(PublicKey other) {
    key = other;
    return this;
  }

  public CertificateDraft issuer(String name) {
    issuer = new X500Name(name);
    return this;
  }

  public CertificateDraft subject(String name) {
    subject = new X500Name(name);
    return this;
  }

  /// When it is valid, both ends included; certificates know seconds.
  public CertificateDraft valid(Instant first, Instant last) {
    from = first;
    to = last;
    return this;
  }

  /// Whether it may issue certificates.
  public CertificateDraft constraints(BasicConstraints constraints) {
    return extension(Extension.basicConstraints, true, constraints);
  }

  /// What its key is for.
  ///
  /// @param bits of [KeyUsage]
  public CertificateDraft usage(int bits) {
    return extension(Extension.keyUsage, true, new KeyUsage(bits));
  }

  public CertificateDraft purposes(boolean critical, KeyPurposeId... purposes) {
    return extension(Extension.extendedKeyUsage, critical, new ExtendedKeyUsage(purposes));
  }

  /// A subject alternative name that is a URI, beside those that are there.
  public CertificateDraft uri(String uri) {
    return name(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
  }

  public CertificateDraft email(String address) {
    return name(new GeneralName(GeneralName.rfc822Name, address));
  }

  /// A name as Fulcio writes those that are neither: `user!host`.
  public CertificateDraft username(String name) {
    return name(
        new GeneralName(
            GeneralName.otherName,
            new OtherName(new ASN1ObjectIdentifier(FULCIO + "7"), new DERUTF8String(name))));
  }

  public CertificateDraft name(GeneralName name) {
    names.add(name);
    return this;
  }

  public CertificateDraft withoutNames() {
    names.clear();
    return this;
  }

  /// An extension of Fulcio's newer form: UTF-8 text in DER.
  public CertificateDraft claim(int number, String text) {
    return extension(new ASN1ObjectIdentifier(FULCIO + number), false, new DERUTF8String(text));
  }

  /// An extension of Fulcio's older form: bare text.
  public CertificateDraft bareClaim(int number, String text) {
    var type = new ASN1ObjectIdentifier(FULCIO + number);
    extensions.put(type, new Extension(type, false, text.getBytes(UTF_8)));
    return this;
  }

  public CertificateDraft extension(
      ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    try {
      extensions.put(
          type, new Extension(type, critical, value.toASN1Primitive().getEncoded("DER")));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public CertificateDraft without(ASN1ObjectIdentifier type) {
    extensions.remove(type);
    return this;
  }

  public CertificateDraft withoutClaim(int number) {
    return without(new ASN1ObjectIdentifier(FULCIO + number));
  }

  PublicKey key() {
    return key;
  }

  /// Signs it as it is now.
  X509CertificateHolder signedBy(SeededKey signer) {
    var builder =
        new X509v3CertificateBuilder(
            issuer,
            serial,
            Date.from(from),
            Date.from(to),
            subject,
            SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    try {
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            true,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      for (var extension : extensions.values()) {
        builder.addExtension(extension);
      }
      return builder.build(signer.contentSigner());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static X509Certificate certificate(X509CertificateHolder holder) {
    try {
      return new JcaX509CertificateConverter()
          .setProvider(SeededKey.PROVIDER)
          .getCertificate(holder);
    } catch (CertificateException e) {
      throw new IllegalStateException("what was just built can be read", e);
    }
  }
}
