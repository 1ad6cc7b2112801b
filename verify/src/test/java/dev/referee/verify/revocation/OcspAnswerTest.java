package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.verify.pki.AnswerShape;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.signature.UnprovenException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Test;

/// N72: answers that are right, and everything that is wrong with some.
class OcspAnswerTest extends RevocationFixture {
  @Test
  void n72BelievesTheIssuersAnswer() throws UnprovenException {
    answer(AnswerShape.by(root).about(asked.certificate(), root, null));
    assertThat(check(asked)).isEqualTo(IN_AN_HOUR);
    answer(AnswerShape.by(root).named().about(asked.certificate(), root, null));
    assertThat(check(asked)).isEqualTo(IN_AN_HOUR);
    answer(AnswerShape.by(root).about(asked.certificate(), root, REVOKED));
    refuses(asked, CERTIFICATE_REVOKED, "was revoked");
    answer(AnswerShape.by(root).about(asked.certificate(), root, new UnknownStatus()));
    unknown(asked, "does not know");
  }

  /// N72: somebody whom the issuer named for answers.
  @Test
  void n72BelievesAResponderThatTheIssuerNamed() throws UnprovenException {
    var responder = CertificateShape.responder("CN=responder").issuedBy(root);
    answer(AnswerShape.by(responder).with(responder).about(asked.certificate(), root, null));
    assertThat(check(asked)).isEqualTo(IN_AN_HOUR);
    answer(
        AnswerShape.by(responder)
            .named()
            .with(root, responder)
            .about(asked.certificate(), root, REVOKED));
    refuses(asked, CERTIFICATE_REVOKED, "was revoked");
  }

  /// N72: responders that the issuer did not name for that.
  @Test
  void n72RefusesWrongResponders() {
    var other = CertificateShape.authority("CN=root").selfSigned();
    var purpose =
        CertificateShape.responder("CN=r").purposes(false, KeyPurposeId.id_kp_codeSigning);
    var expired =
        CertificateShape.responder("CN=r").valid(NOW.minusSeconds(100), NOW.minusSeconds(1));
    var early = CertificateShape.responder("CN=r").valid(NOW.plusSeconds(1), IN_AN_HOUR);
    var usage = CertificateShape.responder("CN=r").usage(KeyUsage.keyEncipherment);
    refusesResponder(CertificateShape.responder("CN=r").issuedBy(other), "did not name");
    refusesResponder(
        CertificateShape.responder("CN=r")
            .issuedBy(CertificateShape.authority("CN=x").selfSigned()),
        "did not name");
    refusesResponder(purpose.issuedBy(root), "not for answers");
    refusesResponder(
        CertificateShape.responder("CN=r").purposes(false).issuedBy(root), "not for answers");
    refusesResponder(expired.issuedBy(root), "not valid now");
    refusesResponder(early.issuedBy(root), "not valid now");
    refusesResponder(usage.issuedBy(root), "not for answers");
    // Any signer of the same authority: the near miss that matters most.
    refusesResponder(CertificateShape.signer("CN=signer").issuedBy(root), "not for answers");
    // The signature is somebody's whose certificate is not there.
    answer(
        AnswerShape.by(CertificateShape.responder("CN=r").issuedBy(root))
            .about(asked.certificate(), root, null));
    unknown(asked, "neither by");
  }

  private void refusesResponder(Issued responder, String words) {
    answer(AnswerShape.by(responder).with(responder).about(asked.certificate(), root, null));
    unknown(asked, words);
  }

  /// N72: a responder that does not say that nobody need look is looked up in a list.
  @Test
  void n72LooksUpRespondersWithoutNocheck() throws UnprovenException {
    var plain = CertificateShape.signer("CN=r").purposes(false, KeyPurposeId.id_kp_OCSPSigning);
    refusesResponder(plain.issuedBy(root), "no list");
    var responder =
        CertificateShape.signer("CN=r")
            .purposes(false, KeyPurposeId.id_kp_OCSPSigning)
            .list(LIST)
            .issuedBy(root);
    refusesResponder(responder, "nobody answers");
    list(ListShape.of(root));
    check(asked);
    list(ListShape.of(root).revoke(responder.certificate(), CRLReason.keyCompromise));
    unknown(asked, "responder whose certificate was revoked");
  }

  /// N72: replayed answers.
  @Test
  void n72RefusesAnswersThatAreNotOfToday() throws UnprovenException {
    answer(good().valid(HOUR_AGO, NOW));
    assertThat(check(asked)).isEqualTo(NOW);
    answer(good().valid(HOUR_AGO, NOW.minusSeconds(1)));
    unknown(asked, "ended at");
    answer(good().valid(HOUR_AGO, null));
    unknown(asked, "until when");
    answer(good().valid(NOW.plus(Duration.ofMinutes(6)), IN_AN_HOUR));
    unknown(asked, "in the future");
    answer(good().nonce());
    unknown(asked, "another question");
  }

  private AnswerShape good() {
    return AnswerShape.by(root).about(asked.certificate(), root, null);
  }

  /// N72: answers about other certificates, and about one twice.
  @Test
  void n72RefusesAnswersAboutOthers() {
    answer(AnswerShape.by(root).about(both.certificate(), root, null));
    unknown(asked, "0 answers");
    var other = CertificateShape.authority("CN=other").selfSigned();
    answer(AnswerShape.by(root).about(asked.certificate(), other, null));
    unknown(asked, "0 answers");
    answer(
        AnswerShape.by(root)
            .about(asked.certificate(), root, null)
            .about(asked.certificate(), root, REVOKED));
    unknown(asked, "2 answers");
  }

  @Test
  void n72RefusesAnswersThatAreNone() throws IOException, OCSPException {
    answer(good().signedBy("SHA1withECDSA"));
    unknown(asked, "weak algorithm");
    answer(good().criticalExtension());
    unknown(asked, "critical extension");
    var der = good().der();
    for (var content :
        new byte[][] {
          new byte[0],
          {1, 2, 3},
          Arrays.copyOf(der, der.length - 1),
          Arrays.copyOf(der, der.length + 1)
        }) {
      source.put(RESPONDER, content);
      unknown(asked, "malformed");
    }
    source.put(RESPONDER, new byte[OcspAnswer.MAX_BYTES + 1]);
    unknown(asked, "bytes, 20480 are read");
    for (int status : new int[] {OCSPRespBuilder.TRY_LATER, OCSPRespBuilder.UNAUTHORIZED}) {
      source.put(RESPONDER, new OCSPRespBuilder().build(status, null).getEncoded());
      unknown(asked, "is an error");
    }
    var many = new Issued[9];
    Arrays.fill(many, CertificateShape.responder("CN=r").issuedBy(root));
    answer(AnswerShape.by(many[0]).with(many).about(asked.certificate(), root, null));
    unknown(asked, "9 certificates");
    var singleExtension =
        new Extensions(new Extension(Extension.auditIdentity, true, new byte[] {5, 0}));
    answer(AnswerShape.by(root).about(asked.certificate(), root, REVOKED, singleExtension));
    unknown(asked, "critical extension");
  }

  /// N72: every bit of an answer and of a list; none may turn a revoked certificate into a good
  /// one.
  @Test
  void n72BelievesNoChangedBit() {
    var answer = AnswerShape.by(root).about(asked.certificate(), root, REVOKED).der();
    neverGood(asked, RESPONDER, answer);
    neverGood(
        listed,
        LIST,
        ListShape.of(root).revoke(listed.certificate(), CRLReason.certificateHold).der());
  }

  private void neverGood(Issued issued, String place, byte[] original) {
    for (int at = 0; at < original.length; at++) {
      for (int bit : new int[] {0, 3, 7}) {
        var changed = original.clone();
        changed[at] ^= (byte) (1 << bit);
        source.put(place, changed);
        assertThatThrownBy(() -> check(issued))
            .as("byte %d", at)
            .isInstanceOf(UnprovenException.class);
      }
    }
  }
}
