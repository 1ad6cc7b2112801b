package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the real notation signs, in a registry, by `referee verify`; and the verdict of `notation
/// verify`, by the same trust policy, beside ours. They have to be the same.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotationE2E {
  private static final Duration EXPIRED_WITHIN = Duration.ofSeconds(60);
  private static final String ANYBODY = "*";
  private static final String ACME = "x509.subject: C=US, ST=WA, O=Acme";

  private final CertificateAuthority root = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private final CertificateAuthority below = root.subordinate("C=US,O=Acme,CN=code signing");

  /// Of the same names, and somebody else.
  private final CertificateAuthority other = CertificateAuthority.create("C=US,O=Acme,CN=root");

  private final Map<String, CertificateAuthority> stores =
      Map.of("acme", root, "below", below, "other", other);
  private final Map<String, String> signed = new HashMap<>();
  private NotationVerdicts verdicts;
  private NotationClient notation;

  @BeforeAll
  void sign(Clients clients) {
    verdicts = new NotationVerdicts(clients);
    notation = verdicts.notation();
    notation.key(
        "release", below.codeSigner("C=US,ST=WA,L=Seattle,O=Acme,CN=release"), below, root);
    stores.forEach((name, store) -> verdicts.store("ca", name, store.certificatePem()));
    for (var format : new String[] {"jws", "cose"}) {
      var image = verdicts.image("signed-" + format);
      notation.sign("release", format, image);
      signed.put(format, image);
    }
  }

  @AfterAll
  void stop() {
    if (verdicts != null) {
      verdicts.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jws  | acme  | *                                               | strict     | {}                        | allowed
          cose | acme  | *                                               | strict     | {}                        | allowed
          jws  | acme  | x509.subject: C=US, ST=WA, O=Acme               | strict     | {}                        | allowed
          cose | acme  | x509.subject: C=US, ST=WA, O=Acme               | strict     | {}                        | allowed
          cose | acme  | x509.subject: CN=release, C=US, S=WA, O=Acme    | strict     | {}                        | allowed
          jws  | below | x509.subject: C=US, ST=WA, O=Acme               | strict     | {}                        | allowed
          jws  | acme  | x509.subject: C=US, ST=NY, O=Acme               | strict     | {}                        | IDENTITY_MISMATCH
          cose | acme  | x509.subject: C=US, ST=NY, O=Acme               | permissive | {}                        | IDENTITY_MISMATCH
          cose | acme  | x509.subject: C=US, ST=WA, O=Acme, CN=releases  | strict     | {}                        | IDENTITY_MISMATCH
          jws  | acme  | x509.subject: C=US, ST=WA, O=Acme, OU=builders  | strict     | {}                        | IDENTITY_MISMATCH
          jws  | other | *                                               | strict     | {}                        | UNTRUSTED_CERTIFICATE
          cose | other | x509.subject: C=US, ST=WA, O=Acme               | strict     | {}                        | UNTRUSTED_CERTIFICATE
          jws  | other | *                                               | permissive | {}                        | UNTRUSTED_CERTIFICATE
          jws  | other | *                                               | audit      | {"authenticity":"enforce"}| UNTRUSTED_CERTIFICATE
          cose | other | *                                               | audit      | {}                        | noted
          jws  | acme  | x509.subject: C=US, ST=NY, O=Acme               | audit      | {}                        | noted
          cose | other | *                                               | strict     | {"authenticity":"log"}    | noted
          """)
  void trustsWhomNotationTrusts(
      String format, String store, String identity, String level, String override, String expected)
      throws IOException {
    verdicts.assertBoth(
        signed(format), new NotationPolicy(store, identity, level, override), expected);
  }

  @Test
  void refusesAnImageThatNobodySigned() throws IOException {
    var image = verdicts.image("unsigned");

    verdicts.assertBoth(image, NotationPolicy.strict("acme", ACME), "UNSIGNED");
    verdicts.assertBoth(image, NotationPolicy.strict("acme", ANYBODY).level("audit"), "UNSIGNED");
  }

  /// A signature of another image, made to refer to this one, at every level.
  @ParameterizedTest
  @ValueSource(strings = {"jws", "cose"})
  void refusesTheSignatureOfAnotherImage(String format) throws IOException {
    var image = verdicts.image("copied-" + format);
    notation.copySignature(signed(format), image);

    verdicts.assertBoth(image, NotationPolicy.strict("acme", ACME), "SUBJECT_MISMATCH");
    verdicts.assertBoth(
        image, NotationPolicy.strict("acme", ACME).level("audit"), "SUBJECT_MISMATCH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jws", "cose"})
  void honoursTheSignersBestBy(String format) throws IOException {
    var strict = NotationPolicy.strict("acme", ACME);
    var fresh = verdicts.image("fresh-" + format);
    notation.sign("release", format, fresh, "--expiry", "12h");
    verdicts.assertBoth(fresh, strict, "allowed");

    var stale = verdicts.image("stale-" + format);
    notation.sign("release", format, stale, "--expiry", "1s");
    Awaitility.await()
        .atMost(EXPIRED_WITHIN)
        .untilAsserted(() -> assertThat(notation.verify(stale, strict).succeeded()).isFalse());
    verdicts.assertBoth(stale, strict, "SIGNATURE_EXPIRED");
    verdicts.assertBoth(stale, strict.level("permissive"), "noted");
  }

  /// One good signature among others is enough, for either.
  @Test
  void findsTheOneThatCountsAmongOthers() throws IOException {
    var image = verdicts.image("several");
    notation.key("stranger", other.codeSigner("C=US,ST=WA,O=Acme,CN=release"), other);
    notation.sign("stranger", "cose", image);
    verdicts.assertBoth(image, NotationPolicy.strict("acme", ACME), "UNTRUSTED_CERTIFICATE");

    notation.sign("release", "jws", image);
    verdicts.assertBoth(image, NotationPolicy.strict("acme", ACME), "allowed");
  }

  /// A key of cosign's and a signer of notation's have to sign, both.
  @Test
  void countsNotationInAGroupWithCosign() throws IOException {
    var documents =
        NotationVerdicts.signer(
                "key",
                "{key: {publicKey: %s}}"
                    .formatted(TrustDocuments.quoted(verdicts.images().key("ci"))))
            + NotationVerdicts.signer(
                "notation", verdicts.spec(NotationPolicy.strict("acme", ACME)))
            + NotationVerdicts.signer(
                "signer", "{group: {signers: [key, notation], threshold: 2}}");
    var image = verdicts.images().push("by-both");
    verdicts.images().sign("ci", image);
    NotationVerdicts.assertDecision(verdicts.verify(image, documents), "THRESHOLD_NOT_REACHED");
    notation.sign("release", "cose", verdicts.images().digested(image));
    NotationVerdicts.assertDecision(verdicts.verify(image, documents), "allowed");

    NotationVerdicts.assertDecision(
        verdicts.verify(signed("jws"), documents), "THRESHOLD_NOT_REACHED");
  }

  private String signed(String format) {
    return requireNonNull(signed.get(format), format);
  }
}
