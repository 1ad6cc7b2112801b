package dev.referee.operator.registry.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes keys and signs certificates (RFC 5280): P-256, ECDSA with SHA-256.
final class CertificateIssuing {
  /// Nodes keep a copy of it on disk that somebody has to exchange.
  static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

  static final Duration SERVING_LIFE = Duration.ofDays(90);

  /// Clocks of a cluster differ.
  private static final Duration SKEW = Duration.ofMinutes(5);

  /// RFC 5280 section 4.1.2.4 allows 64 characters.
  private static final int MAX_COMMON_NAME = 64;

  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|.*:.*");
  private static final SecureRandom RANDOM = new SecureRandom();

  private CertificateIssuing() {}

  /// A new authority that can sign servers' certificates and nothing below.
  static CertifiedKey authority(String name, Instant now) {
    var keys = keys();
    // With the moment in its name, clients that have two authorities know which is meant.
    var subject = name("%s %d".formatted(name, now.getEpochSecond()));
    try {
      var builder = builder(subject, subject, keys, now, now.plus(AUTHORITY_LIFE));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new CertifiedKey(sign(builder, keys), keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make an authority", e);
    }
  }

  /// A certificate for a server under these names and addresses; no longer than the authority's.
  static CertifiedKey serving(CertifiedKey authority, Collection<String> hosts, Instant now) {
    var keys = keys();
    var issuer =
        X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    var end = now.plus(SERVING_LIFE);
    try {
      var builder =
          builder(
              issuer,
              name(hosts.iterator().next()),
              keys,
              now,
              end.isAfter(authority.notAfter()) ? authority.notAfter() : end);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              hosts.stream().map(CertificateIssuing::generalName).toArray(GeneralName[]::new)));
      return new CertifiedKey(
          sign(builder, new KeyPair(authority.certificate().getPublicKey(), authority.key())),
          keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC", Pem.PROVIDER);
      generator.initialize(256, RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Bouncy Castle has no EC", e);
    }
  }

  private static X500Name name(String commonName) {
    var text =
        commonName.length() > MAX_COMMON_NAME
            ? commonName.substring(commonName.length() - MAX_COMMON_NAME)
            : commonName;
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, text).build();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Instant now, Instant end) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(now.minus(SKEW)),
        Date.from(end),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
      throws GeneralSecurityException {
    try {
      var content =
          new JcaContentSignerBuilder("SHA256withECDSA")
              .setProvider(Pem.PROVIDER)
              .build(signer.getPrivate());
      return new JcaX509CertificateConverter()
          .setProvider(Pem.PROVIDER)
          .getCertificate(builder.build(content));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches();
  }

  private static GeneralName generalName(String host) {
    return new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }
}
