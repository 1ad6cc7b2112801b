package dev.referee.verify.trust;

import static dev.referee.verify.trust.CertificateClaim.ISSUER;
import static dev.referee.verify.trust.CertificateClaim.SOURCE_REPOSITORY;
import static dev.referee.verify.trust.CertificateClaim.SUBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose certificate it has to be: every expectation counts, each for the whole of its claim.
class CertificateIdentityTest {
  private static final String ACME = "https://issuer.example";
  private static final String WORKFLOW = "https://github.com/acme/app/.github/workflows/r.yml@v1";

  /// N38, N41: a pattern is for the whole subject, and a subject is one spelling.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github.com/acme.evil/app",
        "https://github.com/acme/app\nhttps://github.com/acme/",
        "xhttps://github.com/acme/app",
        "https://GitHub.com/acme/app",
        "https://github.com/%61cme/app",
        "https://github.com/\u0430cme/app"
      })
  void n38N41AnchorsPatterns(String subject) {
    var identity =
        CertificateIdentity.of(
            Map.of(ISSUER, ACME), Map.of(SUBJECT, "https://github\\.com/acme/.*"));

    assertThat(identity.mismatch(Map.of(ISSUER, ACME, SUBJECT, subject))).isPresent();
    assertThat(identity.mismatch(Map.of(ISSUER, ACME, SUBJECT, WORKFLOW))).isEmpty();
  }

  /// N42 (CVE-2025-29778): of a literal and a pattern for one claim, both hold.
  @Test
  void n42TakesLiteralAndPatternTogether() {
    var identity =
        CertificateIdentity.of(
            Map.of(ISSUER, ACME, SUBJECT, WORKFLOW), Map.of(SUBJECT, "https://gitlab\\.com/.*"));

    assertThat(identity.mismatch(Map.of(ISSUER, ACME, SUBJECT, WORKFLOW))).isPresent();
    assertThat(identity.mismatch(Map.of(ISSUER, ACME, SUBJECT, "https://gitlab.com/acme")))
        .isPresent();
  }

  /// An absent claim matches nothing, not even a pattern for everything: cosign's does.
  @Test
  void matchesNoAbsentClaim() {
    var identity =
        CertificateIdentity.of(
            Map.of(SUBJECT, WORKFLOW), Map.of(ISSUER, ".*", SOURCE_REPOSITORY, ".*"));

    assertThat(identity.mismatch(Map.of(SUBJECT, WORKFLOW))).isPresent();
    assertThat(identity.mismatch(Map.of(SUBJECT, WORKFLOW, ISSUER, ACME))).isPresent();
    assertThat(identity.mismatch(Map.of(SUBJECT, WORKFLOW, ISSUER, ACME, SOURCE_REPOSITORY, "x")))
        .isEmpty();
  }

  /// Each expectation alone is able to fail.
  @Test
  void needsEveryClaim() {
    var identity =
        CertificateIdentity.of(
            Map.of(SUBJECT, WORKFLOW, ISSUER, ACME, SOURCE_REPOSITORY, "https://a.example"),
            Map.of());

    for (var claim : new CertificateClaim[] {SUBJECT, ISSUER, SOURCE_REPOSITORY}) {
      var claims =
          new EnumMap<CertificateClaim, String>(
              Map.of(SUBJECT, WORKFLOW, ISSUER, ACME, SOURCE_REPOSITORY, "https://a.example"));
      assertThat(identity.mismatch(claims)).isEmpty();
      claims.put(claim, "https://b.example");
      assertThat(identity.mismatch(claims).orElse("")).startsWith(claim.field());
    }
  }

  @Test
  void needsIssuerAndSubject() {
    assertThatThrownBy(() -> CertificateIdentity.of(Map.of(SUBJECT, WORKFLOW), Map.of()))
        .hasMessage("an identity needs the issuer");
    assertThatThrownBy(() -> CertificateIdentity.of(Map.of(), Map.of(ISSUER, ".*")))
        .hasMessage("an identity needs the subject");
    assertThatThrownBy(() -> CertificateIdentity.of(Map.of(ISSUER, ACME, SUBJECT, ""), Map.of()))
        .hasMessage("subject is empty");
    assertThatThrownBy(() -> CertificateIdentity.of(Map.of(ISSUER, ACME), Map.of(SUBJECT, "(")))
        .hasMessageStartingWith("subjectRegExp is no regular expression");
  }

  /// A pattern that would take ages over a stranger's text matches nothing instead.
  @Test
  void boundsTheWorkOfAPattern() {
    var identity =
        CertificateIdentity.of(Map.of(ISSUER, ACME), Map.of(SUBJECT, "(a*)*(a*)*(a*)*b"));

    assertThat(identity.mismatch(Map.of(ISSUER, ACME, SUBJECT, "a".repeat(5000)))).isPresent();
  }
}
