package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// N75: whose certificates are trusted, by their subjects.
class TrustedIdentitiesTest {
  private static X509Certificate certificate(String subject) {
    return CertificateShape.signer(subject).selfSigned().certificate();
  }

  private static X509Certificate certificate(X500Name subject) {
    return CertificateShape.signer(subject).selfSigned().certificate();
  }

  private static boolean trusts(String identity, X509Certificate certificate)
      throws UnusableNotationTrustException {
    var identities = TrustedIdentities.of(List.of(identity));
    var refusal =
        catchThrowableOfType(UnprovenException.class, () -> identities.check(certificate));
    if (refusal != null) {
      assertThat(refusal.reason()).isEqualTo(IDENTITY_MISMATCH);
    }
    return refusal == null;
  }

  /// N75: each part that is named has to be there, exactly so; others may be.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x509.subject: C=US,ST=WA,O=Acme | true",
        "x509.subject:C=US, ST=WA, O=Acme | true",
        "x509.subject: O=Acme, ST=WA, C=US, CN=release, L=Seattle | true",
        "x509.subject: C=US,S=WA,O=Acme | true",
        "x509.subject: c=US,st=WA,o=Acme | true",
        "x509.subject: C=US,ST=WA,O=Acme,OU=x | false",
        "x509.subject: C=US,ST=WA,O=acme | false",
        "x509.subject: C=US,ST=WA,O=Acme Inc | false",
        "x509.subject: C=US,ST=WA,O=Acm | false",
        "x509.subject: C=US,ST=WA,O=Acme,CN=releas | false",
        "x509.subject: C=DE,ST=WA,O=Acme | false"
      })
  void n75MatchesSubsetsExactly(String identity, boolean trusted)
      throws UnusableNotationTrustException {
    assertThat(trusts(identity, certificate(Notary.SUBJECT))).isEqualTo(trusted);
  }

  /// N75: `O=Acme\, Inc` is one value with a comma, and not two parts.
  @Test
  void n75ReadsEscapes() throws UnusableNotationTrustException {
    var comma = certificate("C=US,ST=WA,O=Acme\\, Inc");
    assertThat(trusts("x509.subject: C=US,ST=WA,O=Acme\\, Inc", comma)).isTrue();
    assertThat(trusts("x509.subject: C=US,ST=WA,O=Acme\\2c Inc", comma)).isTrue();
    assertThat(trusts("x509.subject: C=US,ST=WA,O=Acme", comma)).isFalse();
    var umlaut = certificate("C=DE,ST=BY,O=M\u00fcller \\+ S\u00f6hne");
    assertThat(trusts("x509.subject: C=DE,ST=BY,O=M\\c3\\bcller \\+ S\u00f6hne", umlaut)).isTrue();
    var name =
        new X500NameBuilder()
            .addRDN(BCStyle.C, "US")
            .addRDN(BCStyle.ST, "WA")
            .addRDN(BCStyle.O, " Acme ")
            .build();
    assertThat(trusts("x509.subject: C=US,ST=WA,O=\\ Acme\\ ", certificate(name))).isTrue();
    assertThat(trusts("x509.subject: C=US,ST=WA,O=  Acme  ", certificate(name))).isFalse();
  }

  /// N75: names that select nobody for certain.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x509.subject: ST=WA,O=Acme | no C",
        "x509.subject: C=US,O=Acme | no ST",
        "x509.subject: C=US,ST=WA | no O",
        "x509.subject: C=US,ST=WA,O= | nothing for O",
        "x509.subject: C=US,ST=WA,O=Acme,O=Other | O twice",
        "x509.subject: C=US,ST=WA,S=WA,O=Acme | ST twice",
        "x509.subject: C=US,ST=WA,O=Acme,X=y | attribute X",
        "x509.subject: C=US,ST=WA,O=Acme+OU=x | has to be escaped",
        "x509.subject: C=US,ST=WA,O=#04024869 | hexadecimal",
        "x509.subject: C=US,ST=WA,O=Acme; Inc | has to be escaped",
        "x509.subject: C=US,ST=WA,O=\"Acme\" | has to be escaped",
        "x509.subject: C=US,ST=WA,O=Acme\\x | escapes nothing",
        "x509.subject: C=US,ST=WA,O=Acme\\ff | not UTF-8",
        "x509.subject: C=US,ST=WA,O=Acme\\ | escapes nothing",
        "x509.subject: C=US,ST=WA,O=Acme, | without =",
        "x509.subject: C=US,ST=WA,O=Acme,=x | no name",
        "x509.subject: C=US,ST=WA,O=Acme,C N=x | no name",
        "x509.subject: | without =",
        "x509.subject: nothing | without =",
        "x509.subject C=US,ST=WA,O=Acme | begins with",
        "CN=release | begins with",
        "'' | begins with"
      })
  void n75RefusesNamesThatSelectNobodyForCertain(String identity, String words) {
    assertThatThrownBy(() -> TrustedIdentities.of(List.of(identity)))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining(words);
  }

  /// N75: one identity that says all that another says, and `*` beside others.
  @Test
  void n75RefusesOverlaps() throws UnusableNotationTrustException {
    var wide = "x509.subject: C=US,ST=WA,O=Acme";
    var narrow = "x509.subject: C=US,ST=WA,O=Acme,CN=release";
    for (var identities :
        List.of(List.of(wide, narrow), List.of(narrow, wide), List.of(wide, wide))) {
      assertThatThrownBy(() -> TrustedIdentities.of(identities))
          .isInstanceOf(UnusableNotationTrustException.class)
          .hasMessageContaining("says all that");
    }
    assertThatThrownBy(() -> TrustedIdentities.of(List.of("*", wide)))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("among other");
    TrustedIdentities.of(List.of(narrow, "x509.subject: C=US,ST=WA,O=Acme,CN=other"));
  }

  @Test
  void n75BoundsWhatItReads() {
    assertThatThrownBy(() -> TrustedIdentities.of(List.of()))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("not 1 to");
    assertThatThrownBy(() -> TrustedIdentities.of(Collections.nCopies(65, "*")))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("not 1 to");
    assertThatThrownBy(
            () -> TrustedIdentities.of(List.of("x509.subject: C=US,ST=WA,O=" + "a".repeat(5000))))
        .isInstanceOf(UnusableNotationTrustException.class)
        .hasMessageContaining("4096 characters");
  }

  /// N75: subjects with an attribute twice, or several in one part, could be read two ways.
  @Test
  void n75RefusesSubjectsThatAreAmbiguous() throws UnusableNotationTrustException {
    var identity = "x509.subject: C=US,ST=WA,O=Acme";
    assertThat(trusts(identity, certificate("C=US,ST=WA,O=Acme,O=Evil"))).isFalse();
    assertThat(trusts(identity, certificate("C=US,ST=WA,O=Acme+OU=x"))).isFalse();
    // By anybody's word, they are somebody.
    assertThat(trusts("*", certificate("C=US,ST=WA,O=Acme,O=Evil"))).isTrue();
  }

  @Test
  void tellsIdentitiesApart() throws UnusableNotationTrustException {
    var one = TrustedIdentities.of(List.of("x509.subject: C=US,ST=WA,O=Acme"));
    assertThat(one)
        .isEqualTo(TrustedIdentities.of(List.of("x509.subject: c=US, s=WA, o=Acme")))
        .hasSameHashCodeAs(TrustedIdentities.of(List.of("x509.subject: c=US, s=WA, o=Acme")))
        .isNotEqualTo(TrustedIdentities.of(List.of("*")))
        .isNotEqualTo("*")
        .hasToString("[C=US,ST=WA,O=Acme]");
    assertThat(TrustedIdentities.of(List.of("*"))).hasToString("*");
  }
}
