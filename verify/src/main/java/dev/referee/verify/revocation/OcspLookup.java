package dev.referee.verify.revocation;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.trust.Providers;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/// Asks responders about certificates (trust-store-trust-policy.md, "OCSP"; RFC 6960).
///
/// No nonce is sent, so that answers can be kept until they end; they count for that long and no
/// longer. An answer with a nonce was made for somebody else's question and is refused.
final class OcspLookup {
  private static final AlgorithmIdentifier SHA256 =
      new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);

  private final RevocationSource source;
  private final Instant now;

  OcspLookup(RevocationSource source, Instant now) {
    this.source = requireNonNull(source, "source is null");
    this.now = requireNonNull(now, "now is null");
  }

  /// The answer of the first responder that can be had and believed.
  RevocationStatus status(
      X509Certificate certificate,
      X509Certificate issuer,
      List<URI> responders,
      @Nullable Instant signedAt)
      throws RevocationUnavailableException {
    var last = new RevocationUnavailableException("it names no responder that can be asked");
    for (var responder : responders) {
      try {
        return ask(certificate, issuer, responder, signedAt);
      } catch (RevocationUnavailableException e) {
        last = new RevocationUnavailableException("%s: %s".formatted(responder, e.getMessage()));
      }
    }
    throw last;
  }

  private RevocationStatus ask(
      X509Certificate certificate,
      X509Certificate issuer,
      URI responder,
      @Nullable Instant signedAt)
      throws RevocationUnavailableException {
    var id = id(certificate, issuer);
    var content = source.status(responder, request(id), OcspAnswer.MAX_BYTES);
    try {
      var answer = OcspAnswer.read(content);
      answer.checkSigned(issuer, new ListLookup(source, now), now);
      var single = answer.about(id);
      var end = single.getNextUpdate();
      var until =
          Freshness.check(
              "the answer",
              single.getThisUpdate().toInstant(),
              end == null ? null : end.toInstant(),
              now);
      return status(single, signedAt, until);
    } catch (RuntimeException e) {
      // Bouncy Castle parses some parts of an answer only when they are asked for.
      throw new RevocationUnavailableException("the answer is malformed");
    }
  }

  private static RevocationStatus status(
      SingleResp single, @Nullable Instant signedAt, Instant until)
      throws RevocationUnavailableException {
    // Bouncy Castle says "good" by null.
    @Nullable CertificateStatus status = single.getCertStatus();
    if (status == null) {
      return new RevocationStatus.Good(until);
    }
    if (!(status instanceof RevokedStatus revoked)) {
      throw new RevocationUnavailableException("the responder does not know the certificate");
    }
    var invalidSince = RevocationList.invalidity(single.getExtension(Extension.invalidityDate));
    return signedAt != null && invalidSince != null && signedAt.isBefore(invalidSince)
        ? new RevocationStatus.Good(until)
        : new RevocationStatus.Revoked(revoked.getRevocationTime().toInstant());
  }

  private static CertificateID id(X509Certificate certificate, X509Certificate issuer)
      throws RevocationUnavailableException {
    try {
      var digests =
          new JcaDigestCalculatorProviderBuilder().setProvider(Providers.BOUNCY_CASTLE).build();
      return new CertificateID(
          digests.get(SHA256), new JcaX509CertificateHolder(issuer), certificate.getSerialNumber());
    } catch (OperatorCreationException
        | OCSPException
        | CertificateEncodingException
        | RuntimeException e) {
      throw new RevocationUnavailableException("nobody can be asked about such a certificate");
    }
  }

  private static byte[] request(CertificateID id) throws RevocationUnavailableException {
    try {
      return new OCSPReqBuilder().addRequest(id).build().getEncoded();
    } catch (OCSPException | IOException e) {
      throw new RevocationUnavailableException("nobody can be asked about such a certificate");
    }
  }
}
