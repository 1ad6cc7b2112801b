package dev.referee.e2e.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What real cosign signed by a real Sigstore instance, in every mode and for every kind of
/// identity, is what `referee verify` says it is; and so are its near misses.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigstoreE2E {
  private static final String ALICE = "alice@referee.test";
  private static final String STRICT = "{}";
  private static final String SIGNED = "{name: signed, signature: {by: [signer]}}";
  private static final String SBOM = "{name: sbom, sbom: {signedBy: {by: [signer]}}}";

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-sigstore");
  private Clients clients;
  private PrivateSigstore sigstore;
  private RefereeProcess registry;
  private ImageBuilder images;
  private int files;

  @BeforeAll
  void start(Clients clients) {
    this.clients = clients;
    sigstore =
        PrivateSigstore.fromEnvironment(clients.home())
            .orElseGet(
                () ->
                    abort(
                        "SKIPPED: %s does not name the state of a Sigstore instance"
                            .formatted(PrivateSigstore.STATE)));
    registry = RefereeProcess.registry(folder.path());
    images = new ImageBuilder(clients, registry.host());
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
    folder.close();
  }

  /// Each mode of signing, with what it proves and with one proof more than it has.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          rekor2      | signing_config.json             | {}                                   | {timestamps: 2}        | TIMESTAMP_MISSING
          rekor1      | signing_config.rekor1.json      | {timestamps: 1}                      | {transparencyLog: 2}   | LOG_ENTRY_MISSING
          rekor1-only | signing_config.rekor1-only.json | {}                                   | {timestamps: 1}        | TIMESTAMP_MISSING
          tsa-only    | signing_config.tsa-only.json    | {transparencyLog: 0, timestamps: 1}  | {}                     | LOG_ENTRY_MISSING
          no-sct      | signing_config.no-sct.json      | {signedCertificateTimestamps: 0}     | {}                     | SCT_MISSING
          """)
  void agreesAboutBundles(String image, String config, String prove, String more, String reason)
      throws IOException {
    var reference = images.push(image);
    sign(reference, ALICE, config);

    assertAllowed(reference, documents(prove, keyless("email", ALICE), SIGNED));
    assertNearMissesRefused(reference, prove);
    assertDenied(reference, documents(more, keyless("email", ALICE), SIGNED), reason);
  }

  /// The older form under a tag: certificate and promise of the log stand in annotations.
  @ParameterizedTest
  @CsvSource({"sig, false", "sig-tsa, true"})
  void agreesAboutSignaturesUnderTags(String image, boolean timestamp) throws IOException {
    var reference = images.push(image);
    cosign(older("sign", timestamp, images.digested(reference)));

    assertAllowed(
        reference,
        documents(timestamp ? "{timestamps: 1}" : STRICT, keyless("email", ALICE), SIGNED));
    assertNearMissesRefused(reference, STRICT);
    assertDenied(
        reference,
        documents("{timestamps: 2}", keyless("email", ALICE), SIGNED),
        "TIMESTAMP_MISSING");
  }

  /// An attestation is one, and no signature; which cosign's own verification takes it for.
  @ParameterizedTest
  @CsvSource({"att-bundle, bundle", "att-tag, tag", "att-tag-tsa, timestamped"})
  void agreesAboutAttestations(String image, String form) throws IOException {
    var reference = images.push(image);
    var digested = images.digested(reference);
    if (form.equals("bundle")) {
      cosign(
          List.of(
              "attest",
              "-y",
              "--type",
              "spdxjson",
              "--predicate",
              "spdx.json",
              "--trusted-root",
              sigstore.trustedRoot().toString(),
              "--signing-config",
              sigstore.signingConfig("signing_config.json").toString(),
              "--identity-token",
              sigstore.token("email", ALICE),
              digested));
    } else {
      cosign(older("attest", form.equals("timestamped"), digested));
    }

    assertAllowed(reference, documents(STRICT, keyless("email", ALICE), SBOM));
    assertDenied(
        reference,
        documents(STRICT, keyless("email", "mallory@referee.test"), SBOM),
        "IDENTITY_MISMATCH");
    var asSignature = verify(reference, documents(STRICT, keyless("email", ALICE), SIGNED));
    assertThat(asSignature.exitCode()).as(asSignature.stdout()).isEqualTo(1);
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
    signWith(reference, token, "signing_config.json");

    assertAllowed(reference, documents(STRICT, keyless(kind, name), SIGNED));
    assertDenied(
        reference, documents(STRICT, keyless(kind, name + "x"), SIGNED), "IDENTITY_MISMATCH");
    var other = kind.equals("email") ? "github" : "email";
    assertDenied(reference, documents(STRICT, keyless(other, name), SIGNED), "IDENTITY_MISMATCH");
  }

  /// Each claim by itself must be able to fail.
  @Test
  void agreesAboutTheClaimsOfAWorkflow() throws IOException {
    var reference = images.push("claims");
    signWith(reference, sigstore.token("github"), "signing_config.json");
    var workflow =
        "issuer: \"%s\", subjectRegExp: \"https://github.com/octo-org/app/.*\""
            .formatted(sigstore.issuer("github"));
    var all =
        workflow
            + ", sourceRepository: \"https://github.com/octo-org/app\", sourceRef: refs/heads/main,"
            + " runnerEnvironment: github-hosted, buildTrigger: push";

    assertAllowed(reference, documents(STRICT, TrustDocuments.keyless("root", all), SIGNED));
    for (var miss :
        List.of(
            all.replace("octo-org/app\",", "octo-org/other\","),
            all.replace("refs/heads/main", "refs/heads/dev"),
            all.replace("github-hosted", "self-hosted"),
            all.replace("push", "workflow_dispatch"),
            // Anchored, and absent matches nothing.
            workflow.replace("app/.*", "ap"),
            workflow + ", deploymentEnvironment: production")) {
      assertDenied(
          reference,
          documents(STRICT, TrustDocuments.keyless("root", miss), SIGNED),
          "IDENTITY_MISMATCH");
    }
  }

  /// A key whose signatures have to be in a log, as well as one that only has to be the right one.
  @Test
  void agreesAboutKeys() throws IOException {
    var key = TrustDocuments.quoted(images.key("logged"));
    var stranger = TrustDocuments.quoted(images.key("other"));
    var reference = images.push("key");
    cosign(
        List.of(
            "sign",
            "-y",
            "--key",
            "logged.key",
            "--trusted-root",
            sigstore.trustedRoot().toString(),
            "--signing-config",
            sigstore.signingConfig("signing_config.json").toString(),
            images.digested(reference)));
    var unlogged = images.push("key-unlogged");
    images.signWithTag("logged", unlogged);
    var plain = "{key: {publicKey: %s}}";
    var logged = "{key: {publicKey: %s, trustRoot: root}}";

    assertAllowed(reference, documents("{timestamps: 1}", logged.formatted(key), SIGNED));
    assertAllowed(reference, documents(STRICT, plain.formatted(key), SIGNED));
    assertDenied(reference, documents(STRICT, logged.formatted(stranger), SIGNED), "UNTRUSTED_KEY");
    assertAllowed(unlogged, documents(STRICT, plain.formatted(key), SIGNED));
    assertDenied(unlogged, documents(STRICT, logged.formatted(key), SIGNED), "LOG_ENTRY_MISSING");
    // The key had been given up before a proven time.
    assertDenied(
        reference,
        documents(
            STRICT,
            "{key: {publicKey: %s, trustRoot: root, validUntil: \"2020-01-01T00:00:00Z\"}}"
                .formatted(key),
            SIGNED),
        "SIGNER_OUTSIDE_VALIDITY");
  }

  /// Two of three, of different kinds; one of them is not two.
  @Test
  void agreesAboutGroups() throws IOException {
    var key = TrustDocuments.quoted(images.key("release"));
    var reference = images.push("group");
    sign(reference, ALICE, "signing_config.json");
    var members =
        TrustDocuments.signer("alice", "", keyless("email", ALICE))
            + "---\n"
            + TrustDocuments.signer("bob", "", keyless("email", "bob@referee.test"))
            + "---\n"
            + TrustDocuments.signer(
                "everybody",
                "",
                TrustDocuments.keyless(
                    "root",
                    "issuer: \"%s\", subjectRegExp: \".*@referee[.]test\""
                        .formatted(sigstore.issuer("email"))))
            + "---\n"
            + TrustDocuments.signer("release", "", "{key: {publicKey: %s}}".formatted(key))
            + "---\n";
    var twoOfThree = members + "%s";
    var group = "{group: {signers: [alice, bob, release], threshold: 2}}";

    assertDenied(
        reference, twoOfThree.formatted(documents(STRICT, group, SIGNED)), "THRESHOLD_NOT_REACHED");
    // Alice is everybody, too, and has signed once.
    assertDenied(
        reference,
        twoOfThree.formatted(documents(STRICT, "{group: {signers: [alice, everybody]}}", SIGNED)),
        "THRESHOLD_NOT_REACHED");
    images.sign("release", reference);
    assertAllowed(reference, twoOfThree.formatted(documents(STRICT, group, SIGNED)));
    assertDenied(
        reference,
        twoOfThree.formatted(
            documents(STRICT, "{group: {signers: [alice, bob, release]}}", SIGNED)),
        "THRESHOLD_NOT_REACHED");
  }

  private void assertNearMissesRefused(String reference, String prove) throws IOException {
    assertDenied(
        reference,
        documents(prove, keyless("email", "mallory@referee.test"), SIGNED),
        "IDENTITY_MISMATCH");
    assertDenied(
        reference, documents(prove, keyless("github", ALICE), SIGNED), "IDENTITY_MISMATCH");
    // Somebody else's authority.
    var other =
        documents(prove, keyless("email", ALICE), SIGNED)
            .replace(
                Files.readString(sigstore.trustedRoot()).indent(8),
                Files.readString(clients.home().resolve("trusted-root.json")).indent(8));
    var refused = verify(reference, other);
    assertThat(refused.exitCode()).as(refused.stdout()).isEqualTo(1);
  }

  private String keyless(String kind, String subject) {
    return TrustDocuments.keyless(
        "root", "issuer: \"%s\", subject: \"%s\"".formatted(sigstore.issuer(kind), subject));
  }

  private String documents(String prove, String signer, String requirement) {
    return TrustDocuments.trustRoot("root", "", sigstore.trustedRoot(), prove)
        + "---\n"
        + TrustDocuments.signer("signer", "", signer)
        + "---\n"
        + TrustDocuments.policy("policy", "", "**", requirement);
  }

  private void sign(String reference, String subject, String config) {
    signWith(reference, sigstore.token("email", subject), config);
  }

  private void signWith(String reference, String token, String config) {
    cosign(
        List.of(
            "sign",
            "-y",
            "--trusted-root",
            sigstore.trustedRoot().toString(),
            "--signing-config",
            sigstore.signingConfig(config).toString(),
            "--identity-token",
            token,
            images.digested(reference)));
  }

  private List<String> older(String command, boolean timestamp, String image) {
    var arguments =
        new ArrayList<>(
            List.of(
                command,
                "-y",
                "--new-bundle-format=false",
                "--use-signing-config=false",
                "--fulcio-url",
                sigstore.url("FULCIO_URL"),
                "--rekor-url",
                sigstore.url("REKOR1_URL"),
                "--trusted-root",
                sigstore.trustedRoot().toString(),
                "--identity-token",
                sigstore.token("email", ALICE)));
    if (command.equals("attest")) {
      arguments.addAll(List.of("--type", "spdxjson", "--predicate", "spdx.json"));
    }
    if (timestamp) {
      arguments.addAll(List.of("--timestamp-server-url", sigstore.url("TSA_URL")));
    }
    arguments.add(image);
    return arguments;
  }

  private void cosign(List<String> arguments) {
    Program program = clients.cosign().with("COSIGN_PASSWORD", "");
    program.succeed(arguments.toArray(String[]::new));
  }

  private void assertAllowed(String reference, String documents) throws IOException {
    var verdict = verify(reference, documents);
    assertThat(verdict.exitCode()).as(verdict.stdout() + verdict.stderr()).isZero();
    assertThat(verdict.stdout()).contains("verdict: allowed");
  }

  private void assertDenied(String reference, String documents, String reason) throws IOException {
    var verdict = verify(reference, documents);
    assertThat(verdict.exitCode()).as(verdict.stdout() + verdict.stderr()).isEqualTo(1);
    assertThat(verdict.stdout()).contains("verdict: denied", reason);
  }

  private Output verify(String reference, String documents) throws IOException {
    Path file = folder.path().resolve("documents-%d.yaml".formatted(files++));
    Files.writeString(file, documents);
    return RefereeProcess.run(folder.path(), "verify", reference, "--policy", file.toString());
  }
}
