package dev.referee.verify.pki;

import dev.referee.verify.trust.Providers;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;

/// An authority that issues timestamps (RFC 3161).
///
/// @param issued its certificate
/// @param accuracySeconds how exact it says it is; zero, it does not say
public record Timestamper(Issued issued, int accuracySeconds) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("1.2.3.4.1");

  /// A token of these bytes.
  public byte[] token(byte[] signature, Instant time) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(signature);
      var generators = new TimeStampRequestGenerator();
      generators.setCertReq(true);
      return tokens()
          .generate(
              generators.generate(TSPAlgorithms.SHA256, hash), BigInteger.ONE, Date.from(time))
          .getEncoded();
    } catch (GeneralSecurityException | TSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The answer to a request, as authorities give it over HTTP.
  ///
  /// @param request a `TimeStampReq` in DER
  /// @return a `TimeStampResp` in DER
  public byte[] answer(byte[] request, Instant time) {
    try {
      return new TimeStampResponseGenerator(tokens(), TSPAlgorithms.ALLOWED)
          .generate(
              new TimeStampRequest(request),
              new BigInteger(Long.SIZE, RANDOM).add(BigInteger.ONE),
              Date.from(time))
          .getEncoded();
    } catch (TSPException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private TimeStampTokenGenerator tokens() {
    try {
      var calculator =
          new JcaDigestCalculatorProviderBuilder()
              .setProvider(Providers.BOUNCY_CASTLE)
              .build()
              .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
      var generator =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder()
                  .setProvider(Providers.BOUNCY_CASTLE)
                  .build("SHA256withECDSA", issued.keys().getPrivate(), issued.certificate()),
              calculator,
              POLICY);
      List<X509CertificateHolder> certificates = new ArrayList<>();
      for (var certificate : issued.chain()) {
        certificates.add(new JcaX509CertificateHolder(certificate));
      }
      generator.addCertificates(new CollectionStore<>(certificates));
      if (accuracySeconds > 0) {
        generator.setAccuracySeconds(accuracySeconds);
      }
      return generator;
    } catch (CertificateEncodingException | OperatorCreationException | TSPException e) {
      throw new IllegalStateException(e);
    }
  }
}
