package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.verify.pki.AnswerShape;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.signature.UnprovenException;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Test;

/// N72: what follows from lists and answers for a chain.
class RevocationCheckTest extends RevocationFixture {
  /// A certificate that says nothing about revocation cannot be taken back.
  @Test
  void n72HoldsForEverWhereNothingIsSaid() throws UnprovenException {
    var plain = CertificateShape.signer("CN=signer").issuedBy(root);

    assertThat(check(plain)).isEqualTo(Instant.MAX);
    assertThat(check(root)).isEqualTo(Instant.MAX);
    assertThat(source.asked()).isEmpty();
  }

  /// N72: lists where responders do not help, and nothing where neither does.
  @Test
  void n72FallsBackToLists() throws UnprovenException {
    unknown(both, "nobody answers");
    list(ListShape.of(root));
    assertThat(check(both)).isEqualTo(IN_AN_HOUR);
    answer(AnswerShape.by(root).about(both.certificate(), root, new UnknownStatus()));
    assertThat(check(both)).isEqualTo(IN_AN_HOUR);
    list(ListShape.of(root).revoke(both.certificate(), CRLReason.keyCompromise));
    refuses(both, CERTIFICATE_REVOKED, "was revoked");
    // A responder that knows is believed alone.
    answer(AnswerShape.by(root).about(both.certificate(), root, null));
    check(both);
    list(ListShape.of(root));
    answer(AnswerShape.by(root).about(both.certificate(), root, REVOKED));
    refuses(both, CERTIFICATE_REVOKED, "was revoked");
  }

  /// What was signed before the key was invalid stands.
  @Test
  void n72HonoursInvalidityDates() throws UnprovenException, IOException {
    var date =
        new Extensions(
            new Extension(
                Extension.invalidityDate,
                false,
                new ASN1GeneralizedTime(Date.from(HOUR_AGO)).getEncoded()));
    answer(AnswerShape.by(root).about(asked.certificate(), root, REVOKED, date));
    assertThat(check(asked, HOUR_AGO.minusSeconds(1))).isEqualTo(IN_AN_HOUR);
    assertThatThrownBy(() -> check(asked, HOUR_AGO)).isInstanceOf(UnprovenException.class);
    refuses(asked, CERTIFICATE_REVOKED, "was revoked");
    list(ListShape.of(root).revoke(listed.certificate(), CRLReason.keyCompromise, HOUR_AGO));
    assertThat(check(listed, HOUR_AGO.minusSeconds(1))).isEqualTo(IN_AN_HOUR);
    assertThatThrownBy(() -> check(listed, HOUR_AGO)).isInstanceOf(UnprovenException.class);
    refuses(listed, CERTIFICATE_REVOKED, "was revoked");
  }

  /// Every certificate of a chain, from the top.
  @Test
  void n72ChecksEveryCertificateOfTheChain() throws UnprovenException {
    var middle = CertificateShape.authority("CN=middle").list(OTHER_LIST).issuedBy(root);
    var leaf = CertificateShape.signer("CN=signer").list(LIST).issuedBy(middle);
    list(ListShape.of(middle));
    unknown(leaf, "CN=middle");
    source.put(OTHER_LIST, ListShape.of(root, HOUR_AGO, NOW.plusSeconds(9)).der());
    assertThat(check(leaf)).isEqualTo(NOW.plusSeconds(9));
    source.put(
        OTHER_LIST, ListShape.of(root).revoke(middle.certificate(), CRLReason.cACompromise).der());
    refuses(leaf, CERTIFICATE_REVOKED, "CN=middle");
  }

  @Test
  void asksNobodyByItself() {
    assertThatThrownBy(
            () -> new RevocationCheck(RevocationSource.NONE, NOW).check(both.chain(), null))
        .isInstanceOf(UnprovenException.class)
        .hasMessageContaining("nobody is asked here");
  }
}
