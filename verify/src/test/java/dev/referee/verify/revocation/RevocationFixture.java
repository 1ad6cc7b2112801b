package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.REVOCATION_UNKNOWN;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.pki.AnswerShape;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.pki.MemoryRevocation;
import dev.referee.verify.signature.UnprovenException;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.jspecify.annotations.Nullable;

/// Certificates that say in each way where their revocation is looked up, and who answers there.
abstract class RevocationFixture {
  static final String LIST = "http://lists.example/ca.crl";
  static final String OTHER_LIST = "http://other.example/ca.crl";
  static final String ADDITIONS = "http://lists.example/delta.crl";
  static final String RESPONDER = "http://ocsp.example/";
  static final RevokedStatus REVOKED =
      new RevokedStatus(Date.from(NOW.minusSeconds(7200)), CRLReason.keyCompromise);
  static final Instant HOUR_AGO = NOW.minusSeconds(3600);
  static final Instant IN_AN_HOUR = NOW.plusSeconds(3600);

  final Issued root = CertificateShape.authority("CN=root").selfSigned();
  final Issued listed = CertificateShape.signer("CN=signer").list(LIST).issuedBy(root);
  final Issued asked = CertificateShape.signer("CN=signer").responderAt(RESPONDER).issuedBy(root);
  final Issued both =
      CertificateShape.signer("CN=signer").responderAt(RESPONDER).list(LIST).issuedBy(root);
  final MemoryRevocation source = new MemoryRevocation();

  Instant check(Issued issued, @Nullable Instant signedAt) throws UnprovenException {
    return new RevocationCheck(source, NOW).check(issued.chain(), signedAt);
  }

  Instant check(Issued issued) throws UnprovenException {
    return check(issued, null);
  }

  void refuses(Issued issued, Reason reason, String words) {
    assertThatThrownBy(() -> check(issued))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.sentence()).contains(words);
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.reason().isTransport()).isFalse();
            });
  }

  void unknown(Issued issued, String words) {
    refuses(issued, REVOCATION_UNKNOWN, words);
  }

  void list(ListShape list) {
    source.put(LIST, list.der());
  }

  void answer(AnswerShape answer) {
    source.put(RESPONDER, answer.der());
  }

  static IssuingDistributionPoint about(
      @Nullable String place, boolean users, boolean authorities, boolean indirect) {
    return new IssuingDistributionPoint(
        place == null ? null : CertificateShape.place(place),
        users,
        authorities,
        null,
        indirect,
        false);
  }
}
