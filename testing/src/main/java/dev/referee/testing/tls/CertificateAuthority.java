package dev.referee.testing.tls;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority that lives as long as a test run.
public final class CertificateAuthority {
  /// Longer than any run, short enough that a leaked key is worth nothing.
  private static final Duration VALID_FOR = Duration.ofDays(2);

  /// Clocks of test machines differ.
  private static final Duration VALID_SINCE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys;
  private final X509Certificate certificate;

  private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
    this.keys = requireNonNull(keys, "keys is null");
    this.certificate = requireNonNull(certificate, "certificate is null");
  }

  /// A new authority with a key and a self-signed certificate of its own.
  ///
  /// @param name a distinguished name such as `CN=test-ca`
  public static CertificateAuthority create(String name) {
    var keys = KeyKind.EC.generate();
    return create(new X500Name(name), name, keys, keys);
  }

  /// An authority whose certificate this one issues.
  ///
  /// @param name a distinguished name
  public CertificateAuthority subordinate(String name) {
    return create(name(), name, KeyKind.EC.generate(), keys);
  }

  private static CertificateAuthority create(
      X500Name issuer, String name, KeyPair keys, KeyPair issuerKeys) {
    try {
      var builder = builder(issuer, new X500Name(name), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new CertificateAuthority(keys, sign(builder, issuerKeys));
    } catch (IOException e) {
      throw unencodable(e);
    }
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public String certificatePem() {
    return Pem.of(certificate);
  }

  /// A certificate for a server.
  ///
  /// @param name its distinguished name, which no client looks at
  /// @param hosts the names and IP addresses under which clients reach it
  public IssuedCertificate server(String name, Collection<String> hosts) {
    var names = hosts.stream().map(CertificateAuthority::generalName).toList();
    return issue(name, KeyKind.EC, KeyPurposeId.id_kp_serverAuth, names);
  }

  /// A certificate for a client.
  ///
  /// @param name its distinguished name; Kubernetes takes CN for the user and O for the groups
  public IssuedCertificate client(String name) {
    return issue(name, KeyKind.RSA, KeyPurposeId.id_kp_clientAuth, List.of());
  }

  /// A certificate for a client that has other names beside.
  ///
  /// @param name its distinguished name
  /// @param names such as URIs, DNS names and mailboxes
  public IssuedCertificate client(String name, List<GeneralName> names) {
    return issue(name, KeyKind.EC, KeyPurposeId.id_kp_clientAuth, names);
  }

  /// A certificate for a client that ended an hour ago.
  ///
  /// @param name its distinguished name
  public IssuedCertificate expiredClient(String name) {
    var ended = Instant.now().minus(VALID_SINCE);
    return issue(
        name, KeyKind.EC, KeyPurposeId.id_kp_clientAuth, List.of(), ended.minus(VALID_FOR), ended);
  }

  /// A certificate for whoever signs code.
  ///
  /// @param name its distinguished name, which says who that is
  public IssuedCertificate codeSigner(String name) {
    return issue(name, KeyKind.EC, KeyPurposeId.id_kp_codeSigning, List.of());
  }

  private IssuedCertificate issue(
      String name, KeyKind kind, KeyPurposeId purpose, List<GeneralName> names) {
    var now = Instant.now();
    return issue(name, kind, purpose, names, now.minus(VALID_SINCE), now.plus(VALID_FOR));
  }

  private IssuedCertificate issue(
      String name,
      KeyKind kind,
      KeyPurposeId purpose,
      List<GeneralName> names,
      Instant from,
      Instant until) {
    var subjectKeys = kind.generate();
    try {
      var builder = builder(name(), new X500Name(name), subjectKeys.getPublic(), from, until);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      if (!names.isEmpty()) {
        var all = new GeneralNames(names.toArray(GeneralName[]::new));
        builder.addExtension(Extension.subjectAlternativeName, false, all);
      }
      return new IssuedCertificate(sign(builder, keys), subjectKeys.getPrivate());
    } catch (IOException e) {
      throw unencodable(e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key) {
    var now = Instant.now();
    return builder(issuer, subject, key, now.minus(VALID_SINCE), now.plus(VALID_FOR));
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(126),
        Date.from(from),
        Date.from(until),
        subject,
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys) {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | CertificateException e) {
      throw new IllegalStateException("cannot sign a certificate", e);
    }
  }

  private static GeneralName generalName(String host) {
    var kind = Hosts.isIpAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(kind, host);
  }

  private static IllegalStateException unencodable(IOException e) {
    return new IllegalStateException("cannot encode a certificate", e);
  }
}
