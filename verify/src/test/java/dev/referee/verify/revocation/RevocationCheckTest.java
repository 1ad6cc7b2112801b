package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
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
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// N72: answers and lists that are right, and everything that is wrong with some.
class RevocationCheckTest {
  private static final String LIST = "http://lists.example/ca.crl";
  private static final String OTHER_LIST = "http://other.example/ca.crl";
  private static final String ADDITIONS = "http://lists.example/delta.crl";
  private static final String RESPONDER = "http://ocsp.example/";
  private static final RevokedStatus REVOKED =
      new RevokedStatus(Date.from(NOW.minusSeconds(7200)), CRLReason.keyCompromise);
  private static final Instant HOUR_AGO = NOW.minusSeconds(3600);
  private static final Instant IN_AN_HOUR = NOW.plusSeconds(3600);

  private final Issued root = CertificateShape.authority("CN=root").selfSigned();
  private final Issued listed = CertificateShape.signer("CN=signer").list(LIST).issuedBy(root);
  private final Issued asked =
      CertificateShape.signer("CN=signer").responderAt(RESPONDER).issuedBy(root);
  private final Issued both =
      CertificateShape.signer("CN=signer").responderAt(RESPONDER).list(LIST).issuedBy(root);
  private final MemoryRevocation source = new MemoryRevocation();

  private Instant check(Issued issued, @Nullable Instant signedAt) throws UnprovenException {
    return new RevocationCheck(source, NOW).check(issued.chain(), signedAt);
  }

  private Instant check(Issued issued) throws UnprovenException {
    return check(issued, null);
  }

  private void refuses(Issued issued, Reason reason, String words) {
    assertThatThrownBy(() -> check(issued))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.sentence()).contains(words);
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.reason().isTransport()).isFalse();
            });
  }

  private void unknown(Issued issued, String words) {
    refuses(issued, REVOCATION_UNKNOWN, words);
  }

  private void list(ListShape list) {
    source.put(LIST, list.der());
  }

  private void answer(AnswerShape answer) {
    source.put(RESPONDER, answer.der());
  }

  /// A certificate that says nothing about revocation cannot be taken back.
  @Test
  void n72HoldsForEverWhereNothingIsSaid() throws UnprovenException {
    var plain = CertificateShape.signer("CN=signer").issuedBy(root);

    assertThat(check(plain)).isEqualTo(Instant.MAX);
    assertThat(check(root)).isEqualTo(Instant.MAX);
    assertThat(source.asked()).isEmpty();
  }

  @Test
  void n72BelievesAList() throws UnprovenException {
    list(ListShape.of(root));
    assertThat(check(listed)).isEqualTo(IN_AN_HOUR);
    list(ListShape.of(root).revoke(asked.certificate(), CRLReason.keyCompromise));
    assertThat(check(listed)).isEqualTo(IN_AN_HOUR);
    list(ListShape.of(root).revoke(listed.certificate(), CRLReason.keyCompromise));
    refuses(listed, CERTIFICATE_REVOKED, "CN=signer was revoked");
    list(ListShape.of(root).revoke(listed.certificate(), CRLReason.certificateHold));
    refuses(listed, CERTIFICATE_REVOKED, "CN=signer was revoked");
    list(ListShape.of(root).revoke(listed.certificate(), 0));
    refuses(listed, CERTIFICATE_REVOKED, "CN=signer was revoked");
  }

  /// N72: lists of yesterday and of tomorrow, and lists that never end.
  @Test
  void n72RefusesListsThatAreNotOfToday() throws UnprovenException {
    list(ListShape.of(root, HOUR_AGO, NOW));
    assertThat(check(listed)).isEqualTo(NOW);
    list(ListShape.of(root, HOUR_AGO, NOW.minusSeconds(1)));
    unknown(listed, "ended at");
    list(ListShape.of(root, HOUR_AGO, null));
    unknown(listed, "until when");
    list(ListShape.of(root, NOW.plus(Duration.ofMinutes(5)), IN_AN_HOUR));
    check(listed);
    list(ListShape.of(root, NOW.plus(Duration.ofMinutes(6)), IN_AN_HOUR));
    unknown(listed, "in the future");
    // What was taken back for good stays so.
    list(
        ListShape.of(root, HOUR_AGO, NOW.minusSeconds(1))
            .revoke(listed.certificate(), CRLReason.keyCompromise));
    refuses(listed, CERTIFICATE_REVOKED, "was revoked");
    list(
        ListShape.of(root, HOUR_AGO, NOW.minusSeconds(1))
            .revoke(listed.certificate(), CRLReason.certificateHold));
    unknown(listed, "ended at");
  }

  /// N72: lists of somebody else, and by a key that may not sign any.
  @Test
  void n72RefusesListsOfOthers() {
    var other = CertificateShape.authority("CN=other").selfSigned();
    list(ListShape.of(other));
    unknown(listed, "of another authority");
    list(ListShape.forged(root, other));
    unknown(listed, "not signed by its authority");
    list(ListShape.of(root).signedBy("SHA1withECDSA"));
    unknown(listed, "weak algorithm");

    var silent = CertificateShape.authority("CN=silent").usage(KeyUsage.keyCertSign).selfSigned();
    list(ListShape.of(silent));
    unknown(CertificateShape.signer("CN=signer").list(LIST).issuedBy(silent), "may not sign lists");
  }

  @Test
  void n72RefusesListsThatAreNone() {
    var good = ListShape.of(root).der();
    for (var content :
        new byte[][] {
          new byte[0],
          {1, 2, 3},
          Arrays.copyOf(good, good.length - 1),
          Arrays.copyOf(good, good.length + 1)
        }) {
      source.put(LIST, content);
      unknown(listed, "malformed");
    }
    // N72: larger than is ever read.
    source.put(LIST, new byte[RevocationList.MAX_BYTES + 1]);
    unknown(listed, "bytes, 33554432 are read");
    list(ListShape.of(root).extension(Extension.auditIdentity, true, DERNull.INSTANCE));
    unknown(listed, "critical extension");
  }

  private static IssuingDistributionPoint about(
      @Nullable String place, boolean users, boolean authorities, boolean indirect) {
    return new IssuingDistributionPoint(
        place == null ? null : CertificateShape.place(place),
        users,
        authorities,
        null,
        indirect,
        false);
  }

  private void listAbout(IssuingDistributionPoint point) {
    list(ListShape.of(root).extension(Extension.issuingDistributionPoint, true, point));
  }

  /// N72: an authority may keep several lists, of which only one speaks of a certificate.
  @Test
  void n72RefusesListsAboutOtherCertificates() throws UnprovenException {
    listAbout(about(LIST, true, false, false));
    check(listed);
    listAbout(about(OTHER_LIST, false, false, false));
    unknown(listed, "of another place");
    listAbout(about(null, false, true, false));
    unknown(listed, "about other certificates");
    listAbout(about(null, false, false, true));
    unknown(listed, "about other certificates");
    listAbout(
        new IssuingDistributionPoint(
            null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false));
    unknown(listed, "about other certificates");
    listAbout(new IssuingDistributionPoint(null, false, false, null, false, true));
    unknown(listed, "about other certificates");
    var authority = CertificateShape.authority("CN=below").list(LIST).issuedBy(root);
    listAbout(about(LIST, true, false, false));
    unknown(authority, "about other certificates");
    listAbout(about(LIST, false, true, false));
    check(authority);
  }

  /// N72: a list may have additions; without them it says nothing.
  @Test
  void n72ReadsAdditions() throws UnprovenException {
    var complete = ListShape.of(root).number(5).additionsAt(ADDITIONS).der();
    source.put(LIST, complete);
    unknown(listed, "nobody answers");

    addition(ListShape.of(root, HOUR_AGO, NOW.plusSeconds(60)).number(7).additionTo(5));
    assertThat(check(listed)).isEqualTo(NOW.plusSeconds(60));
    addition(
        ListShape.of(root)
            .number(7)
            .additionTo(4)
            .revoke(listed.certificate(), CRLReason.keyCompromise));
    refuses(listed, CERTIFICATE_REVOKED, "was revoked");
    // Of another list, older than the list, no addition at all, of yesterday, by somebody else.
    addition(ListShape.of(root).number(7).additionTo(6));
    unknown(listed, "does not continue");
    addition(ListShape.of(root).number(4).additionTo(3));
    unknown(listed, "does not continue");
    addition(ListShape.of(root).number(7));
    unknown(listed, "does not continue");
    addition(ListShape.of(root).additionTo(5));
    unknown(listed, "does not continue");
    addition(ListShape.of(root, HOUR_AGO, NOW.minusSeconds(1)).number(7).additionTo(5));
    unknown(listed, "ended at");
    addition(
        ListShape.forged(root, CertificateShape.authority("CN=x").selfSigned())
            .number(7)
            .additionTo(5));
    unknown(listed, "not signed by its authority");
  }

  private void addition(ListShape list) {
    source.put(ADDITIONS, list.der());
  }

  /// N72: what was on hold may be given back.
  @Test
  void n72ReadsWhatWasGivenBack() throws UnprovenException {
    var complete =
        ListShape.of(root)
            .number(5)
            .additionsAt(ADDITIONS)
            .revoke(listed.certificate(), CRLReason.certificateHold);
    list(complete);
    addition(ListShape.of(root).number(7).additionTo(5));
    refuses(listed, CERTIFICATE_REVOKED, "was revoked");
    addition(
        ListShape.of(root)
            .number(7)
            .additionTo(5)
            .revoke(listed.certificate(), CRLReason.removeFromCRL));
    assertThat(check(listed)).isEqualTo(IN_AN_HOUR);
  }

  /// N72: an addition alone, where a list belongs.
  @Test
  void n72RefusesAnAdditionInPlaceOfAList() {
    list(ListShape.of(root).number(7).additionTo(5));
    unknown(listed, "addition to another");
    list(ListShape.of(root).additionsAt("ldap://lists.example/delta"));
    unknown(listed, "no address of http");
    list(ListShape.of(root).extension(Extension.freshestCRL, false, DERNull.INSTANCE));
    unknown(listed, "malformed");
  }

  @Test
  void n72TriesEveryPlace() throws UnprovenException {
    var issued = CertificateShape.signer("CN=signer").list(OTHER_LIST, LIST).issuedBy(root);
    list(ListShape.of(root));
    assertThat(check(issued)).isEqualTo(IN_AN_HOUR);
    assertThat(source.asked()).containsExactly(URI.create(OTHER_LIST), URI.create(LIST));
  }

  /// N72, N86: places that are not asked, so that nothing is known.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://lists.example/ca.crl",
        "ldap://lists.example/ca",
        "file:///etc/passwd",
        "http:///ca.crl",
        "http://user@lists.example/ca.crl",
        "not an address"
      })
  void n72AsksOnlyAtAddressesOfHttp(String address) {
    unknown(CertificateShape.signer("CN=signer").list(address).issuedBy(root), "no list");
    unknown(CertificateShape.signer("CN=signer").responderAt(address).issuedBy(root), "no list");
    assertThat(source.asked()).isEmpty();
  }

  @Test
  void n72RefusesPlacesThatAreMalformedOrOfOthers() {
    unknown(
        CertificateShape.signer("CN=signer")
            .extension(Extension.cRLDistributionPoints, false, DERNull.INSTANCE)
            .issuedBy(root),
        "malformed");
    unknown(
        CertificateShape.signer("CN=signer")
            .extension(Extension.authorityInfoAccess, false, DERNull.INSTANCE)
            .issuedBy(root),
        "malformed");
    var point =
        new DistributionPoint(
            CertificateShape.place(LIST),
            null,
            new GeneralNames(new GeneralName(GeneralName.dNSName, "other")));
    unknown(
        CertificateShape.signer("CN=signer")
            .extension(
                Extension.cRLDistributionPoints,
                false,
                new CRLDistPoint(new DistributionPoint[] {point}))
            .issuedBy(root),
        "no list");
  }

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
