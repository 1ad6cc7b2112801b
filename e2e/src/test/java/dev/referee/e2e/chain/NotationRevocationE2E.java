package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.testing.tls.Pem;
import dev.referee.verify.pki.AnswerShape;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.ListShape;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates that were taken back, by lists and by responders that their issuer runs: what the
/// real notation makes of what it is told, and what we do.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotationRevocationE2E {
  private static final String ACME = "x509.subject: C=US, ST=WA, O=Acme";
  private static final String RELEASE = "C=US,ST=WA,L=Seattle,O=Acme,CN=release";
  private static final String CRL = "application/pkix-crl";
  private static final String OCSP = "application/ocsp-response";

  private final Instant now = Instant.now();
  private final Issued root = authority();
  private final Issued other = authority();
  private final LoopbackSite site = LoopbackSite.open();
  private NotationVerdicts verdicts;

  private Issued authority() {
    return CertificateShape.authority("C=US,O=Acme,CN=root")
        .valid(daysFromNow(-400), daysFromNow(400))
        .selfSigned();
  }

  private Instant daysFromNow(int days) {
    return now.plus(Duration.ofDays(days));
  }

  @BeforeAll
  void start(Clients clients) {
    verdicts = new NotationVerdicts(clients);
    verdicts.store("ca", "acme", Pem.of(root.certificate()));
  }

  @AfterAll
  void stop() {
    if (verdicts != null) {
      verdicts.close();
    }
    site.close();
  }

  /// Lists of revoked certificates.
  @ParameterizedTest
  @CsvSource({
    "nobody,    allowed",
    "signer,    CERTIFICATE_REVOKED",
    "stranger,  allowed",
    "other,     REVOCATION_UNKNOWN",
    "ended,     REVOCATION_UNKNOWN",
    "absent,    REVOCATION_UNKNOWN",
  })
  void agreesAboutLists(String list, String expected) throws IOException {
    var path = "/list-" + list;
    var signer = shape().list(site.url(path)).issuedBy(root);
    if (!list.equals("absent")) {
      site.publish(path, CRL, list(list, signer).der());
    }

    assertBoth("list-" + list, signer, expected);
    if (!list.equals("absent")) {
      // Each has looked.
      assertThat(site.asked(path)).isGreaterThanOrEqualTo(2);
    }
  }

  private ListShape list(String list, Issued signer) {
    var stranger = shape().issuedBy(root);
    return switch (list) {
      case "nobody" -> today(root);
      case "signer" -> today(root).revoke(signer.certificate(), CRLReason.keyCompromise);
      case "stranger" -> today(root).revoke(stranger.certificate(), CRLReason.keyCompromise);
      // Of the same name, and signed by somebody else.
      case "other" -> today(other);
      case "ended" -> ListShape.of(root, daysFromNow(-9), daysFromNow(-1)).number(1);
      default -> throw new IllegalArgumentException(list);
    };
  }

  private ListShape today(Issued issuer) {
    return ListShape.of(issuer, daysFromNow(-1), daysFromNow(1)).number(1);
  }

  /// Responders, and lists where they do not help.
  @ParameterizedTest
  @CsvSource({
    "good,     -,      allowed",
    "revoked,  -,      CERTIFICATE_REVOKED",
    "unknown,  -,      REVOCATION_UNKNOWN",
    "other,    -,      REVOCATION_UNKNOWN",
    "ended,    -,      REVOCATION_UNKNOWN",
    "absent,   -,      REVOCATION_UNKNOWN",
    "good,     signer, allowed",
    "revoked,  nobody, CERTIFICATE_REVOKED",
    "absent,   nobody, allowed",
    "absent,   signer, CERTIFICATE_REVOKED",
  })
  void agreesAboutResponders(String answer, String list, String expected) throws IOException {
    var name = answer + (list.equals("-") ? "" : "-" + list);
    var path = "/responder-" + name;
    var listPath = "/responder-list-" + name;
    var shape = shape().responderAt(site.url(path));
    var signer = (list.equals("-") ? shape : shape.list(site.url(listPath))).issuedBy(root);
    if (!answer.equals("absent")) {
      site.publish(path, OCSP, answer(answer, signer));
    }
    if (!list.equals("-")) {
      site.publish(listPath, CRL, list(list, signer).der());
    }

    assertBoth("responder-" + name, signer, expected);
  }

  private byte[] answer(String answer, Issued signer) {
    var certificate = signer.certificate();
    var shape =
        AnswerShape.by(answer.equals("other") ? other : root)
            .valid(
                daysFromNow(answer.equals("ended") ? -9 : -1),
                daysFromNow(answer.equals("ended") ? -1 : 1));
    return switch (answer) {
      case "good", "other", "ended" -> shape.about(certificate, root, CertificateStatus.GOOD).der();
      case "revoked" ->
          shape
              .about(
                  certificate,
                  root,
                  new RevokedStatus(Date.from(daysFromNow(-2)), CRLReason.keyCompromise))
              .der();
      case "unknown" -> shape.about(certificate, root, new UnknownStatus()).der();
      default -> throw new IllegalArgumentException(answer);
    };
  }

  private CertificateShape shape() {
    return CertificateShape.signer(RELEASE).valid(daysFromNow(-10), daysFromNow(10));
  }

  private void assertBoth(String name, Issued signer, String expected) throws IOException {
    var strict = NotationPolicy.strict("acme", ACME);
    verdicts.notation().key(name, signer);
    for (var format : new String[] {"jws", "cose"}) {
      var image = verdicts.image(name + "-" + format);
      verdicts.notation().sign(name, format, image);

      verdicts.assertBoth(image, strict, expected);
      verdicts.assertBoth(
          image, strict.level("permissive"), expected.equals("allowed") ? "allowed" : "noted");
    }
  }
}
