package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.KEY_INSTEAD_OF_CERTIFICATE;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.CLOCK;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.identity;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.testing.sigstore.CertificateDraft;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates that are wrong in one place, by number; everything around them, the logs' word
/// included, is right.
class CertificateNumbersTest {
  private static final String NOT_FOR_CODE = "is not one for signing code";
  private static final Duration DAY = Duration.ofDays(1);

  private final VirtualSigstore sigstore = Virtual.sigstore();

  private Signing certified(Consumer<CertificateDraft> change) {
    return sigstore.message(ARTIFACT).certificate(change);
  }

  private static void refusesChain(Consumer<CertificateDraft> intermediate) {
    var other = VirtualSigstore.withAuthority(1, CLOCK, _ -> {}, intermediate);
    refuses(CERTIFICATE_INVALID, "chain to", other, other.message(ARTIFACT));
  }

  /// N32: whoever signed with a key has no certificate to show.
  @Test
  void n32RefusesAKeyForACertificate() {
    refuses(
        KEY_INSTEAD_OF_CERTIFICATE,
        "with a key",
        sigstore,
        sigstore.message(ARTIFACT).withKeyAlone());
  }

  /// N33: a certificate that is not for signing code.
  @Test
  void n33RefusesACertificateThatIsNotForCode() {
    var refused =
        List.<Consumer<CertificateDraft>>of(
            c -> c.without(Extension.extendedKeyUsage),
            c -> c.purposes(false, KeyPurposeId.id_kp_serverAuth),
            c -> c.purposes(true, KeyPurposeId.anyExtendedKeyUsage),
            c ->
                c.purposes(
                    false, KeyPurposeId.id_kp_codeSigning, KeyPurposeId.anyExtendedKeyUsage));

    refused.forEach(
        change -> refuses(CERTIFICATE_INVALID, NOT_FOR_CODE, sigstore, certified(change)));
  }

  /// N34: an authority's certificate signs no artifact.
  @Test
  void n34RefusesAnAuthorityAsSigner() {
    refuses(
        CERTIFICATE_INVALID,
        "is an authority's",
        sigstore,
        certified(c -> c.constraints(new BasicConstraints(true))));
    refuses(
        CERTIFICATE_INVALID,
        "not one for signatures",
        sigstore,
        certified(c -> c.usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)));
  }

  /// N35: whoever issued it must be allowed to issue.
  @Test
  void n35RefusesAnIntermediateThatIsNoAuthority() {
    refusesChain(c -> c.constraints(new BasicConstraints(false)));
    refusesChain(c -> c.without(Extension.basicConstraints));
    refusesChain(c -> c.usage(KeyUsage.digitalSignature));
  }

  /// N36: an authority that may issue to signers only, and issued to another authority; the limit
  /// of the anchor counts as well.
  @Test
  void n36RefusesAPathThatIsLongerThanAllowed() {
    var key = sigstore.newKey(SeededKey.Kind.P384);
    var wide =
        VirtualSigstore.withAuthority(
            1, CLOCK, root -> root.constraints(new BasicConstraints(true)), _ -> {});
    var below = wide.authority().subordinate(key, NOON);
    refuses(
        CERTIFICATE_INVALID,
        "chain to",
        wide,
        wide.message(ARTIFACT)
            .version(Signing.V0_2)
            .certificate(c -> c.issuer("O=referee.test,CN=subordinate"))
            .certificateTimestamp(t -> t.issuerKey(key.encoded()))
            .issuedBy(key)
            .intermediate(below));

    var narrow =
        VirtualSigstore.withAuthority(
            1, CLOCK, root -> root.constraints(new BasicConstraints(0)), _ -> {});
    refuses(CERTIFICATE_INVALID, "longer than", narrow, narrow.message(ARTIFACT));
  }

  /// N37 (CVE-2026-24122): the authority had expired when it was signed, although it was valid when
  /// the signer's certificate began, and the signer's still is.
  @Test
  void n37RefusesAnAuthorityThatHadExpired() {
    var soon = NOON.minusSeconds(60);
    for (var other :
        List.of(
            VirtualSigstore.withAuthority(1, CLOCK, _ -> {}, c -> c.valid(NOON.minus(DAY), soon)),
            VirtualSigstore.withAuthority(
                1, CLOCK, c -> c.valid(NOON.minus(DAY), soon), _ -> {}))) {
      refuses(
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          "was not valid",
          other,
          other
              .message(ARTIFACT)
              .certificate(c -> c.valid(soon.minusSeconds(60), NOON.plusSeconds(600))));
    }
    // The same where only the trust root says so.
    refuses(
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "not trusted",
        () ->
            verify(
                sigstore.trustRoot(Virtual.until("/certificateAuthorities/0", NOON)),
                sigstore.message(ARTIFACT),
                STRICT));
  }

  /// N38: no subject, two of them, and another one behind the right beginning.
  @Test
  void n38RefusesAmbiguousAndOtherSubjects() throws UnprovenException {
    refuses(
        CERTIFICATE_INVALID,
        "no subject alternative name",
        sigstore,
        certified(CertificateDraft::withoutNames));
    refuses(
        CERTIFICATE_INVALID,
        "2 subject alternative names",
        sigstore,
        certified(c -> c.email("ann@acme.test")));
    refuses(
        IDENTITY_MISMATCH,
        "subject is",
        sigstore,
        certified(c -> c.withoutNames().uri(Signing.WORKFLOW + ".evil.test")));
    var username = certified(c -> c.withoutNames().username("ann!acme.test")).sign();
    assertThat(
            verify(
                    sigstore.trustRoot(),
                    username,
                    STRICT,
                    identity("ann!acme.test", Signing.ISSUER))
                .times())
        .hasSize(1);
  }

  /// N39: the issuer in the old form alone, in the new form alone, and in both, which must agree.
  @Test
  void n39ReadsBothFormsOfTheIssuer() throws UnprovenException {
    assertThat(verify(sigstore, certified(c -> c.withoutClaim(8))).times()).hasSize(1);
    assertThat(verify(sigstore, certified(c -> c.withoutClaim(1))).times()).hasSize(1);
    refuses(
        CERTIFICATE_INVALID,
        "two issuers",
        sigstore,
        certified(c -> c.bareClaim(1, "https://evil.test")));
    refuses(
        IDENTITY_MISMATCH,
        "says nothing about issuer",
        sigstore,
        certified(c -> c.withoutClaim(1).withoutClaim(8)));
  }

  /// N40: the right issuer, for a subject of another kind.
  @Test
  void n40RefusesASubjectOfAnotherKind() {
    refuses(
        IDENTITY_MISMATCH,
        "subject is ann@acme.test",
        sigstore,
        certified(c -> c.withoutNames().email("ann@acme.test")));
    refuses(
        CERTIFICATE_INVALID,
        "of a kind that is not read",
        sigstore,
        certified(c -> c.withoutNames().name(new GeneralName(GeneralName.dNSName, "acme.test"))));
  }

  /// N41: one subject has one spelling.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://GitHub.com/acme/app/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/Acme/app/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/%61cme/app/.github/workflows/release.yml@refs/heads/main",
        "https://github.com/acme/app/./.github/workflows/release.yml@refs/heads/main",
        "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main "
      })
  void n41RefusesOtherSpellingsOfTheWorkflow(String spelling) {
    refuses(
        IDENTITY_MISMATCH, "subject is", sigstore, certified(c -> c.withoutNames().uri(spelling)));
  }

  /// N43: everybody can write down what a certificate of Fulcio says.
  @Test
  void n43RefusesACertificateThatIssuedItself() {
    var key = sigstore.newKey(SeededKey.Kind.P256);

    refuses(
        UNTRUSTED_CERTIFICATE,
        "does not name",
        sigstore,
        certified(c -> c.issuer("CN=me").subject("CN=me")).key(key).issuedBy(key));
    // The authority's name alone leads nowhere.
    refuses(
        UNTRUSTED_CERTIFICATE,
        "does not name",
        sigstore,
        certified(_ -> {}).key(key).issuedBy(key));
  }

  /// N44: whom to trust is not for the bundle to say, even where it says the right thing.
  @Test
  void n44RefusesARootInTheBundle() {
    refuses(
        CERTIFICATE_INVALID,
        "root certificate",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .version(Signing.V0_2)
            .intermediate(sigstore.authority().intermediate())
            .intermediate(sigstore.authority().root()));
  }

  /// N45: a chain of an attacker's own, under the right names.
  @Test
  void n45RefusesAnAttackersChain() {
    var attacker = Virtual.stranger().authority();

    refuses(
        UNTRUSTED_CERTIFICATE,
        "does not name",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .version(Signing.V0_2)
            .issuedBy(attacker.intermediateKey())
            .certificateTimestamp(t -> t.issuerKey(attacker.intermediateKey().encoded()))
            .intermediate(attacker.intermediate()));
  }

  /// N46: keys and signatures that somebody can break.
  @Test
  void n46RefusesWeakCryptography() {
    for (var kind : List.of(SeededKey.Kind.RSA_1024, SeededKey.Kind.P192)) {
      refuses(
          CERTIFICATE_INVALID,
          "key that is not used",
          sigstore,
          sigstore.message(ARTIFACT).keyKind(kind));
    }
    refuses(
        CERTIFICATE_INVALID,
        "1.2.840.10045.4.1",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .issuedBy(sigstore.authority().intermediateKey().with("SHA1withECDSA")));
  }
}
