package dev.referee.e2e.chain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
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

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-notation");
  private final CertificateAuthority root = CertificateAuthority.create("C=US,O=Acme,CN=root");
  private final CertificateAuthority below = root.subordinate("C=US,O=Acme,CN=code signing");

  /// Of the same names, and somebody else.
  private final CertificateAuthority other = CertificateAuthority.create("C=US,O=Acme,CN=root");

  private final Map<String, CertificateAuthority> stores =
      Map.of("acme", root, "below", below, "other", other);
  private final Map<String, String> signed = new HashMap<>();
  private RefereeProcess registry;
  private ImageBuilder images;
  private NotationClient notation;
  private int files;

  @BeforeAll
  void sign(Clients clients) {
    registry = RefereeProcess.registry(folder.path());
    images = new ImageBuilder(clients, registry.host());
    notation = new NotationClient(clients);
    notation.key(
        "release", below.codeSigner("C=US,ST=WA,L=Seattle,O=Acme,CN=release"), below, root);
    stores.forEach(notation::store);
    for (var format : new String[] {"jws", "cose"}) {
      var image = image("signed-" + format);
      notation.sign("release", format, image);
      signed.put(format, image);
    }
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
    folder.close();
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
    assertBoth(signed(format), new NotationPolicy(store, identity, level, override), expected);
  }

  @Test
  void refusesAnImageThatNobodySigned() throws IOException {
    var image = image("unsigned");

    assertBoth(image, NotationPolicy.strict("acme", ACME), "UNSIGNED");
    assertBoth(image, NotationPolicy.strict("acme", ANYBODY).level("audit"), "UNSIGNED");
  }

  /// A signature of another image, made to refer to this one, at every level.
  @ParameterizedTest
  @ValueSource(strings = {"jws", "cose"})
  void refusesTheSignatureOfAnotherImage(String format) throws IOException {
    var image = image("copied-" + format);
    notation.copySignature(signed(format), image);

    assertBoth(image, NotationPolicy.strict("acme", ACME), "SUBJECT_MISMATCH");
    assertBoth(image, NotationPolicy.strict("acme", ACME).level("audit"), "SUBJECT_MISMATCH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jws", "cose"})
  void honoursTheSignersBestBy(String format) throws IOException {
    var strict = NotationPolicy.strict("acme", ACME);
    var fresh = image("fresh-" + format);
    notation.sign("release", format, fresh, "--expiry", "12h");
    assertBoth(fresh, strict, "allowed");

    var stale = image("stale-" + format);
    notation.sign("release", format, stale, "--expiry", "1s");
    Awaitility.await()
        .atMost(EXPIRED_WITHIN)
        .untilAsserted(() -> assertThat(notation.verify(stale, strict).succeeded()).isFalse());
    assertBoth(stale, strict, "SIGNATURE_EXPIRED");
    assertBoth(stale, strict.level("permissive"), "noted");
  }

  /// One good signature among others is enough, for either.
  @Test
  void findsTheOneThatCountsAmongOthers() throws IOException {
    var image = image("several");
    notation.key("stranger", other.codeSigner("C=US,ST=WA,O=Acme,CN=release"), other);
    notation.sign("stranger", "cose", image);
    assertBoth(image, NotationPolicy.strict("acme", ACME), "UNTRUSTED_CERTIFICATE");

    notation.sign("release", "jws", image);
    assertBoth(image, NotationPolicy.strict("acme", ACME), "allowed");
  }

  /// A key of cosign's and a signer of notation's have to sign, both.
  @Test
  void countsNotationInAGroupWithCosign() throws IOException {
    var documents =
        signer("key", "{key: {publicKey: %s}}".formatted(TrustDocuments.quoted(images.key("ci"))))
            + signer("notation", NotationPolicy.strict("acme", ACME).spec(root.certificatePem()))
            + signer("signer", "{group: {signers: [key, notation], threshold: 2}}");
    var image = images.push("by-both");
    images.sign("ci", image);
    assertDecision(verify(image, documents), "THRESHOLD_NOT_REACHED");
    notation.sign("release", "cose", images.digested(image));
    assertDecision(verify(image, documents), "allowed");

    assertDecision(verify(signed("jws"), documents), "THRESHOLD_NOT_REACHED");
  }

  private String signed(String format) {
    return requireNonNull(signed.get(format), format);
  }

  private CertificateAuthority store(String name) {
    return requireNonNull(stores.get(name), name);
  }

  private String image(String name) {
    return images.digested(images.push(name));
  }

  /// @param expected a reason, or `allowed`, or `noted` where what is wrong is only told
  private void assertBoth(String image, NotationPolicy policy, String expected) throws IOException {
    var certificates = store(policy.store()).certificatePem();
    assertDecision(verify(image, signer("signer", policy.spec(certificates))), expected);

    var theirs = notation.verify(image, policy);
    assertThat(theirs.succeeded())
        .as("notation: %s%s", theirs.stdout(), theirs.stderr())
        .isEqualTo(expected.equals("allowed") || expected.equals("noted"));
  }

  private static void assertDecision(Output verdict, String expected) {
    var text = verdict.stdout() + verdict.stderr();
    switch (expected) {
      case "allowed" -> {
        assertThat(verdict.exitCode()).as(text).isZero();
        assertThat(verdict.stdout()).contains("verdict: allowed").doesNotContain("not enforced");
      }
      case "noted" -> {
        assertThat(verdict.exitCode()).as(text).isZero();
        assertThat(verdict.stdout()).contains("verdict: allowed", "not enforced");
      }
      default -> {
        assertThat(verdict.exitCode()).as(text).isEqualTo(1);
        assertThat(verdict.stdout()).contains("verdict: denied", expected);
      }
    }
  }

  private static String signer(String name, String spec) {
    return TrustDocuments.signer(name, "", spec) + "---\n";
  }

  private Output verify(String image, String signers) throws IOException {
    var file = folder.path().resolve("documents-%d.yaml".formatted(files++));
    var policy =
        TrustDocuments.policy(
            "signed", "", registry.host() + "/**", "{name: signed, signature: {by: [signer]}}");
    Files.writeString(file, signers + policy);
    return RefereeProcess.run(folder.path(), "verify", image, "--policy", file.toString());
  }
}
