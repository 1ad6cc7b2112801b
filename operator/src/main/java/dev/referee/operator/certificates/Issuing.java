package dev.referee.operator.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
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
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes certificates (RFC 5280) with keys on P-256.
final class Issuing {
  /// An authority is replaced in the middle of the time that its successor is known already.
  static final Duration AUTHORITY_LIFE = Duration.ofDays(2 * 365);

  static final Duration SERVING_LIFE = Duration.ofDays(90);

  /// Clocks of control planes differ from ours.
  static final Duration BACKDATED = Duration.ofHours(1);

  private static final Provider PROVIDER = new BouncyCastleProvider();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 127;

  private Issuing() {}

  /// A new authority. Each has a name of its own: two of one name in one bundle confuse whoever
  /// looks for an issuer by its name.
  static Credential authority(Instant now) {
    var serial = serial();
    var name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Referee")
            .addRDN(BCStyle.CN, "Referee webhook authority " + serial.toString(16).substring(0, 8))
            .build();
    var keys = keys();
    try {
      var builder = builder(name, name, serial, now, now.plus(AUTHORITY_LIFE), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new Credential(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("an authority cannot be made", e);
    }
  }

  /// A certificate for a server, which never outlives its authority.
  ///
  /// @param names the DNS names and IP addresses at which clients reach it
  static Credential serving(Credential authority, Collection<String> names, Instant now) {
    var keys = keys();
    var end = now.plus(SERVING_LIFE);
    var issuer = authority.certificate();
    try {
      var builder =
          builder(
              X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
              new X500NameBuilder(BCStyle.INSTANCE)
                  .addRDN(BCStyle.O, "Referee")
                  .addRDN(BCStyle.CN, "Referee webhook")
                  .build(),
              serial(),
              now,
              end.isAfter(authority.notAfter()) ? authority.notAfter() : end,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              names.stream().sorted().map(Issuing::generalName).toArray(GeneralName[]::new)));
      return new Credential(sign(builder, authority.key()), keys.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a serving certificate cannot be made", e);
    }
  }

  private static GeneralName generalName(String host) {
    // Only addresses are written with colons, or with nothing but digits and dots.
    boolean address = host.contains(":") || host.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      BigInteger serial,
      Instant now,
      Instant end,
      PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(now.minus(BACKDATED)), Date.from(end), subject, key);
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys on P-256", e);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").setProvider(PROVIDER).build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign", e);
    }
  }
}
