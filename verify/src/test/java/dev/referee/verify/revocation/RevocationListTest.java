package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.ListShape;
import dev.referee.verify.signature.UnprovenException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// N72: lists that are right, and everything that is wrong with some.
class RevocationListTest extends RevocationFixture {
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
}
