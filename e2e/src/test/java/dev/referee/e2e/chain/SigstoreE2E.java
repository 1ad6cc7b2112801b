package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.Question.Form;
import dev.referee.e2e.chain.Question.Profile;
import dev.referee.e2e.chain.Question.Signer;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.sigstore.VirtualSigstore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What real cosign signed by a real Sigstore instance, in every mode and for every kind of
/// identity, by `referee verify`; and the verdict of cosign's own verification, told the same,
/// beside ours. They have to be the same, near misses included, except where the table in
/// `verify/README.md` says why ours is stricter.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigstoreE2E {
  private static final String ALICE = "alice@referee.test";
  private static final String MALLORY = "mallory@referee.test";
  private static final String SIGNED = "{name: signed, signature: {by: [signer]}}";
  private static final String ALLOWED = "allowed";

  private static final Map<String, Profile> PROFILES =
      Map.of(
          "strict", Profile.STRICT,
          "timestamped", Profile.TIMESTAMPED,
          "timestamp-alone", Profile.TIMESTAMP_ALONE,
          "certificate-unlogged", Profile.CERTIFICATE_UNLOGGED);

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-sigstore");
  private Clients clients;
  private PrivateSigstore sigstore;
  private CosignSigner cosign;
  private RefereeProcess registry;
  private ImageBuilder images;
  private Path somebodyElses;
  private int files;

  @BeforeAll
  void start(Clients clients) throws IOException {
    this.clients = clients;
    sigstore = PrivateSigstore.fromEnvironment(clients.home());
    registry = RefereeProcess.registry(folder.path());
    images = new ImageBuilder(clients, registry.host());
    cosign = new CosignSigner(clients, sigstore);
    somebodyElses =
        Files.write(
            folder.path().resolve("somebody-elses-root.json"),
            VirtualSigstore.create(1, Clock.systemUTC()).trustRoot());
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
    folder.close();
  }

  /// Each mode of signing, by every profile: what it proves, and what it does not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rekor2      | signing_config.json             | strict               | allowed
          rekor2      | signing_config.json             | timestamped          | allowed
          rekor2      | signing_config.json             | timestamp-alone      | allowed
          rekor2      | signing_config.json             | certificate-unlogged | allowed
          rekor1      | signing_config.rekor1.json      | strict               | allowed
          rekor1      | signing_config.rekor1.json      | timestamped          | allowed
          rekor1      | signing_config.rekor1.json      | timestamp-alone      | allowed
          rekor1-only | signing_config.rekor1-only.json | strict               | allowed
          rekor1-only | signing_config.rekor1-only.json | timestamped          | TIMESTAMP_MISSING
          rekor1-only | signing_config.rekor1-only.json | timestamp-alone      | TIMESTAMP_MISSING
          tsa-only    | signing_config.tsa-only.json    | timestamp-alone      | allowed
          tsa-only    | signing_config.tsa-only.json    | timestamped          | LOG_ENTRY_MISSING
          tsa-only    | signing_config.tsa-only.json    | strict               | LOG_ENTRY_MISSING
          no-sct      | signing_config.no-sct.json      | certificate-unlogged | allowed
          no-sct      | signing_config.no-sct.json      | strict               | SCT_MISSING
          """)
  void agreesAboutBundles(String image, String config, String profile, String expected)
      throws IOException {
    var reference = images.push("%s-%s".formatted(image, profile));
    cosign.sign(images.digested(reference), sigstore.token("email", ALICE), config);
    var question = question(Form.BUNDLE, alice()).proving(profile(profile));

    assertBoth(reference, question, expected);
    if (expected.equals(ALLOWED)) {
      assertNearMissesRefused(reference, question);
    }
  }

  /// What cosign has no words for: more than one of something.
  @Test
  void countsLogsAndTimestamps() throws IOException {
    var reference = images.push("counted");
    cosign.sign(
        images.digested(reference), sigstore.token("email", ALICE), "signing_config.rekor1.json");
    var question = question(Form.BUNDLE, alice());

    assertOurs(
        reference,
        question.proving(new Profile("{timestamps: 2}", List.of())),
        "TIMESTAMP_MISSING");
    assertOurs(
        reference,
        question.proving(new Profile("{transparencyLog: 2}", List.of())),
        "LOG_ENTRY_MISSING");
  }

  /// The older form under a tag: certificate and promise of the log stand in annotations.
  @ParameterizedTest
  @CsvSource({"sig, false", "sig-tsa, true"})
  void agreesAboutSignaturesUnderTags(String image, boolean timestamp) throws IOException {
    var reference = images.push(image);
    cosign.signOlder(images.digested(reference), sigstore.token("email", ALICE), timestamp);
    var question = question(Form.TAG, alice());

    assertBoth(reference, question, ALLOWED);
    assertNearMissesRefused(reference, question);
    var timestamped = question.proving(Profile.TIMESTAMPED);
    if (timestamp) {
      assertBoth(reference, timestamped, ALLOWED);
    } else {
      assertStricter(reference, timestamped, "TIMESTAMP_MISSING", Stricter.TIMESTAMP);
    }
  }

  /// An attestation is one, and no signature; which cosign's own verification takes it for.
  @ParameterizedTest
  @CsvSource({"att-bundle, bundle", "att-tag, tag", "att-tag-tsa, timestamped"})
  void agreesAboutAttestations(String image, String form) throws IOException {
    var reference = images.push(image);
    var digested = images.digested(reference);
    var token = sigstore.token("email", ALICE);
    if (form.equals("bundle")) {
      cosign.attest(digested, token, "signing_config.json");
    } else {
      cosign.attestOlder(digested, token, form.equals("timestamped"));
    }
    var question =
        question(form.equals("bundle") ? Form.ATTESTATION : Form.ATTESTATION_TAG, alice());

    assertBoth(reference, question, ALLOWED);
    assertNearMissesRefused(reference, question);
    if (form.equals("bundle")) {
      assertStricter(
          reference, question.lookingFor(Form.BUNDLE), "NOT_A_SIGNATURE", Stricter.ATTESTATION);
    } else {
      assertBoth(reference, question.lookingFor(Form.TAG), "UNSIGNED");
    }
  }

  /// Every kind of identity that a certificate can have.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          email      | bob@referee.test          | bob@referee.test
          github     | -                         | https://github.com/octo-org/app/.github/workflows/release.yml@refs/heads/main
          gitlab     | -                         | https://gitlab.com/octo-org/app//.gitlab-ci.yml@refs/heads/main
          kubernetes | -                         | https://kubernetes.io/namespaces/default/serviceaccounts/builder
          spiffe     | spiffe://referee.test/ci  | spiffe://referee.test/ci
          uri        | http://127.0.0.1/builders | http://127.0.0.1/builders
          username   | -                         | alice!127.0.0.1
          """)
  void agreesAboutIdentities(String kind, String subject, String name) throws IOException {
    var reference = images.push("identity-" + kind);
    var token = subject.equals("-") ? sigstore.token(kind) : sigstore.token(kind, subject);
    cosign.sign(images.digested(reference), token, "signing_config.json");
    var question = question(Form.BUNDLE, identity(kind, name));

    assertBoth(reference, question, ALLOWED);
    assertBoth(reference, question.by(identity(kind, name + "x")), "IDENTITY_MISMATCH");
    assertBoth(
        reference,
        question.by(identity(kind, name.substring(0, name.length() - 1))),
        "IDENTITY_MISMATCH");
    var other = kind.equals("email") ? "github" : "email";
    assertBoth(reference, question.by(identity(other, name)), "IDENTITY_MISMATCH");
    assertBoth(reference, question.trusting(somebodyElses), "LOG_UNKNOWN");
  }

  /// Each claim by itself must be able to fail.
  @Test
  void agreesAboutTheClaimsOfAWorkflow() throws IOException {
    var reference = images.push("claims");
    cosign.sign(images.digested(reference), sigstore.token("github"), "signing_config.json");
    var subject = "https://github.com/octo-org/app/.*";

    assertBoth(reference, workflow(subject, "app", "refs/heads/main", "push"), ALLOWED);
    for (var miss :
        List.of(
            workflow(subject, "other", "refs/heads/main", "push"),
            workflow(subject, "ap", "refs/heads/main", "push"),
            workflow(subject, "app", "refs/heads/dev", "push"),
            workflow(subject, "app", "refs/heads/main", "workflow_dispatch"),
            workflow("https://github.com/octo-org/other/.*", "app", "refs/heads/main", "push"))) {
      assertBoth(reference, miss, "IDENTITY_MISMATCH");
    }
    assertStricter(
        reference,
        workflow("https://github.com/octo-org/ap", "app", "refs/heads/main", "push"),
        "IDENTITY_MISMATCH",
        Stricter.ANCHOR);
  }

  /// Claims that cosign cannot be asked about; an absent one matches nothing.
  @Test
  void readsClaimsThatCosignDoesNot() throws IOException {
    var reference = images.push("more-claims");
    cosign.sign(images.digested(reference), sigstore.token("github"), "signing_config.json");
    var workflow =
        "issuer: \"%s\", subjectRegExp: \"https://github.com/octo-org/app/.*\", "
            .formatted(sigstore.issuer("github"));
    var question = question(Form.BUNDLE, alice());

    assertOurs(
        reference, question.by(ours(workflow + "runnerEnvironment: github-hosted")), ALLOWED);
    for (var miss :
        List.of("runnerEnvironment: self-hosted", "deploymentEnvironment: production")) {
      assertOurs(reference, question.by(ours(workflow + miss)), "IDENTITY_MISMATCH");
    }
  }

  /// A key whose signatures have to be in a log, as well as one that only has to be the right one.
  @Test
  void agreesAboutKeys() throws IOException {
    var key = images.key("logged");
    var logged = Signer.logged(key, "logged.pub");
    var plain = Signer.plain(key, "logged.pub");
    var stranger = images.key("other");
    var reference = images.push("key");
    cosign.signByKey(images.digested(reference), "logged.key", "signing_config.json");
    var question = question(Form.BUNDLE, logged);

    assertBoth(reference, question, ALLOWED);
    assertBoth(reference, question.proving(Profile.TIMESTAMPED), ALLOWED);
    assertBoth(reference, question.by(plain), ALLOWED);
    assertBoth(reference, question.by(Signer.logged(stranger, "other.pub")), "UNTRUSTED_KEY");
    assertBoth(reference, question.by(Signer.plain(stranger, "other.pub")), "UNTRUSTED_KEY");
    assertBoth(reference, question.by(alice()), "KEY_INSTEAD_OF_CERTIFICATE");
    assertBoth(reference, question.trusting(somebodyElses), "LOG_UNKNOWN");

    var unlogged = images.push("key-unlogged");
    images.signWithTag("logged", unlogged);
    var older = question.lookingFor(Form.TAG);
    assertBoth(unlogged, older.by(plain), ALLOWED);
    assertBoth(unlogged, older.by(logged), "LOG_ENTRY_MISSING");
    assertBoth(unlogged, older.by(Signer.plain(stranger, "other.pub")), "UNTRUSTED_KEY");

    var certified = images.push("key-certified");
    cosign.sign(images.digested(certified), sigstore.token("email", ALICE), "signing_config.json");
    assertBoth(certified, question, "CERTIFICATE_INSTEAD_OF_KEY");
  }

  /// The key had been given up before a proven time, which cosign cannot be told.
  @Test
  void honoursTheWindowOfAKey() throws IOException {
    var key = TrustDocuments.quoted(images.key("given-up"));
    var reference = images.push("given-up");
    cosign.signByKey(images.digested(reference), "given-up.key", "signing_config.json");

    assertOurs(
        reference,
        question(
            Form.BUNDLE,
            new Signer(
                "{key: {publicKey: %s, trustRoot: root, validUntil: \"2020-01-01T00:00:00Z\"}}"
                    .formatted(key),
                List.of())),
        "SIGNER_OUTSIDE_VALIDITY");
  }

  /// Two of three, of different kinds; one of them is not two. Cosign knows no groups.
  @Test
  void countsGroups() throws IOException {
    var key = TrustDocuments.quoted(images.key("release"));
    var reference = images.push("group");
    cosign.sign(images.digested(reference), sigstore.token("email", ALICE), "signing_config.json");
    var members =
        member("alice", alice())
            + member("bob", identity("email", "bob@referee.test"))
            + member(
                "everybody",
                ours(
                    "issuer: \"%s\", subjectRegExp: \".*@referee[.]test\""
                        .formatted(sigstore.issuer("email"))))
            + member("release", new Signer("{key: {publicKey: %s}}".formatted(key), List.of()));

    var twoOfThree = "{group: {signers: [alice, bob, release], threshold: 2}}";
    assertOurs(reference, members + group(twoOfThree), "THRESHOLD_NOT_REACHED");
    // Alice is everybody, too, and has signed once.
    assertOurs(
        reference,
        members + group("{group: {signers: [alice, everybody]}}"),
        "THRESHOLD_NOT_REACHED");
    images.sign("release", reference);
    assertOurs(reference, members + group(twoOfThree), ALLOWED);
    assertOurs(
        reference,
        members + group("{group: {signers: [alice, bob, release]}}"),
        "THRESHOLD_NOT_REACHED");
  }

  /// Files, by `referee bundle verify` and `cosign verify-blob`.
  @ParameterizedTest
  @CsvSource({
    "signing_config.json, true",
    "signing_config.rekor1.json, true",
    "signing_config.rekor1-only.json, true",
    "signing_config.tsa-only.json, false",
    "signing_config.no-sct.json, false"
  })
  void agreesAboutFiles(String config, boolean accepted) throws IOException {
    var blob = folder.path().resolve("blob-" + config);
    Files.writeString(blob, "content of " + config);
    var other = Files.writeString(folder.path().resolve("other-blob"), "other content");
    var bundle = cosign.signBlob(blob, sigstore.token("email", ALICE), config, clients.home());
    var root = sigstore.trustedRoot();

    assertBothOfFiles(bundle, alice(), root, blob, accepted);
    assertBothOfFiles(bundle, alice(), root, other, false);
    assertBothOfFiles(bundle, identity("email", MALLORY), root, blob, false);
    assertBothOfFiles(bundle, identity("github", ALICE), root, blob, false);
    assertBothOfFiles(bundle, alice(), somebodyElses, blob, false);
  }

  private void assertBothOfFiles(
      Path bundle, Signer signer, Path root, Path file, boolean accepted) {
    var arguments =
        Question.and(
            List.of("--bundle", bundle.toString(), "--trusted-root", root.toString()),
            signer.flags().toArray(String[]::new));
    var ours =
        RefereeProcess.run(
            folder.path(),
            Question.and(
                    List.of("bundle", "verify"),
                    Question.and(arguments, file.toString()).toArray(String[]::new))
                .toArray(String[]::new));
    assertThat(ours.exitCode()).as(ours.stdout() + ours.stderr()).isEqualTo(accepted ? 0 : 1);

    var theirs =
        clients
            .cosign()
            .run(
                Question.and(
                        List.of("verify-blob"),
                        Question.and(arguments, file.toString()).toArray(String[]::new))
                    .toArray(String[]::new));
    assertThat(theirs.succeeded()).as("cosign: " + theirs.stderr()).isEqualTo(accepted);
  }

  private void assertNearMissesRefused(String reference, Question question) throws IOException {
    assertBoth(reference, question.by(identity("email", MALLORY)), "IDENTITY_MISMATCH");
    assertBoth(reference, question.by(identity("github", ALICE)), "IDENTITY_MISMATCH");
    assertBoth(reference, question.trusting(somebodyElses), "");
  }

  private Question question(Form form, Signer signer) {
    return new Question(form, signer, Profile.STRICT, sigstore.trustedRoot());
  }

  private static Profile profile(String name) {
    var profile = PROFILES.get(name);
    if (profile == null) {
      throw new IllegalArgumentException(name);
    }
    return profile;
  }

  private Signer alice() {
    return identity("email", ALICE);
  }

  private Signer identity(String kind, String subject) {
    return Signer.of(sigstore.issuer(kind), subject);
  }

  private static Signer ours(String identity) {
    return new Signer(TrustDocuments.keyless("root", identity), List.of());
  }

  private Question workflow(String subject, String repository, String ref, String trigger) {
    var issuer = sigstore.issuer("github");
    return question(
        Form.BUNDLE,
        new Signer(
            TrustDocuments.keyless(
                "root",
                """
                issuer: "%s", subjectRegExp: "%s", sourceRef: "%s", buildTrigger: "%s", \
                sourceRepository: "https://github.com/octo-org/%s"\
                """
                    .formatted(issuer, subject, ref, trigger, repository)),
            List.of(
                "--certificate-oidc-issuer",
                issuer,
                "--certificate-identity-regexp",
                subject,
                "--certificate-github-workflow-ref",
                ref,
                "--certificate-github-workflow-trigger",
                trigger,
                "--certificate-github-workflow-repository",
                "octo-org/" + repository)));
  }

  private static String member(String name, Signer signer) {
    return TrustDocuments.signer(name, "", signer.spec()) + "---\n";
  }

  private String group(String spec) {
    return TrustDocuments.trustRoot("root", "", sigstore.trustedRoot(), "{}")
        + "---\n"
        + TrustDocuments.signer("signer", "", spec)
        + "---\n"
        + TrustDocuments.policy("policy", "", "**", SIGNED);
  }

  /// Ours and theirs are the same.
  ///
  /// @param expected `allowed`, or the reason of ours why not
  private void assertBoth(String reference, Question question, String expected) throws IOException {
    assertOurs(reference, question, expected);
    assertTheirs(reference, question, expected.equals(ALLOWED));
  }

  /// Ours denies for that reason, theirs accepts, and the table says why.
  private void assertStricter(String reference, Question question, String reason, Stricter why)
      throws IOException {
    assertOurs(reference, question, reason);
    assertTheirs(reference, question, true);
    why.assertInTable();
  }

  private void assertTheirs(String reference, Question question, boolean accepted) {
    var theirs = clients.cosign().run(question.cosign(images.digested(reference)));
    assertThat(theirs.succeeded())
        .as("cosign %s: %s", String.join(" ", question.cosign("IMAGE")), theirs.stderr())
        .isEqualTo(accepted);
  }

  private void assertOurs(String reference, Question question, String expected) throws IOException {
    assertOurs(reference, question.documents(), expected);
  }

  private void assertOurs(String reference, String documents, String expected) throws IOException {
    var verdict = verify(reference, documents);
    var text = verdict.stdout() + verdict.stderr();
    if (expected.equals(ALLOWED)) {
      assertThat(verdict.exitCode()).as(text).isZero();
      assertThat(verdict.stdout()).contains("verdict: allowed");
    } else {
      assertThat(verdict.exitCode()).as(text).isEqualTo(1);
      assertThat(verdict.stdout()).contains("verdict: denied", expected);
    }
  }

  private Output verify(String reference, String documents) throws IOException {
    Path file = folder.path().resolve("documents-%d.yaml".formatted(files++));
    Files.writeString(file, documents);
    return RefereeProcess.run(folder.path(), "verify", reference, "--policy", file.toString());
  }
}
