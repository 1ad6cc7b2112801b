package dev.referee.verify.pki;

import dev.referee.verify.trust.Providers;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/// What an answer of a responder is to have.
public final class AnswerShape {
  private final Issued responder;
  private final List<Single> singles = new ArrayList<>();
  private List<Issued> certificates = List.of();
  private Instant start = CertificateShape.NOW.minus(Duration.ofHours(1));
  private @Nullable Instant end = CertificateShape.NOW.plus(Duration.ofHours(1));
  private boolean nonce;
  private boolean named;
  private boolean criticalExtension;
  private @Nullable String algorithm;

  private record Single(
      X509Certificate certificate,
      Issued issuer,
      @Nullable CertificateStatus status,
      @Nullable Extensions extensions) {}

  private AnswerShape(Issued responder) {
    this.responder = responder;
  }

  public static AnswerShape by(Issued responder) {
    return new AnswerShape(responder);
  }

  /// Says something about a certificate.
  ///
  /// @param status null, good
  public AnswerShape about(
      X509Certificate certificate, Issued issuer, @Nullable CertificateStatus status) {
    singles.add(new Single(certificate, issuer, status, null));
    return this;
  }

  public AnswerShape about(
      X509Certificate certificate, Issued issuer, CertificateStatus status, Extensions extensions) {
    singles.add(new Single(certificate, issuer, status, extensions));
    return this;
  }

  public AnswerShape with(Issued... carried) {
    certificates = List.of(carried);
    return this;
  }

  public AnswerShape valid(Instant from, @Nullable Instant to) {
    start = from;
    end = to;
    return this;
  }

  public AnswerShape nonce() {
    nonce = true;
    return this;
  }

  public AnswerShape criticalExtension() {
    criticalExtension = true;
    return this;
  }

  /// The responder is named by its subject instead of its key.
  public AnswerShape named() {
    named = true;
    return this;
  }

  public AnswerShape signedBy(String name) {
    algorithm = name;
    return this;
  }

  public byte[] der() {
    try {
      var digests =
          new JcaDigestCalculatorProviderBuilder().setProvider(Providers.BOUNCY_CASTLE).build();
      var builder = new BasicOCSPRespBuilder(id(digests));
      for (var single : singles) {
        builder.addResponse(
            new CertificateID(
                digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                new JcaX509CertificateHolder(single.issuer().certificate()),
                single.certificate().getSerialNumber()),
            single.status(),
            Date.from(start),
            end == null ? null : Date.from(end),
            single.extensions());
      }
      if (nonce || criticalExtension) {
        builder.setResponseExtensions(
            new Extensions(
                new Extension(
                    nonce ? OCSPObjectIdentifiers.id_pkix_ocsp_nonce : Extension.auditIdentity,
                    criticalExtension,
                    new DEROctetString(new byte[] {1, 2, 3}).getEncoded())));
      }
      var carried = new ArrayList<X509CertificateHolder>();
      for (var certificate : certificates) {
        carried.add(new JcaX509CertificateHolder(certificate.certificate()));
      }
      var signer =
          algorithm == null ? responder.signer() : Keys.signer(responder.keys(), algorithm);
      var basic =
          builder.build(
              signer,
              carried.toArray(X509CertificateHolder[]::new),
              Date.from(CertificateShape.NOW.minus(Duration.ofHours(1))));
      return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
    } catch (OCSPException
        | OperatorCreationException
        | CertificateEncodingException
        | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private RespID id(DigestCalculatorProvider digests)
      throws OCSPException, OperatorCreationException {
    var certificate = responder.certificate();
    return named
        ? new RespID(X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()))
        : new RespID(
            SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded()),
            digests.get(RespID.HASH_SHA1));
  }
}
