package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.chain.Question.Form;
import dev.referee.e2e.chain.Question.Profile;
import dev.referee.e2e.clients.Clients;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.oci.Digest;
import dev.referee.testing.Statements;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Certificates that no Fulcio issues, by a virtual Sigstore that the real cosign trusts: without
/// an issuer, which is nobody's, and not anybody's.
@WithClients
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AbsentIssuerE2E {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final int OLDER = 1;
  private static final int NEWER = 8;

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-issuer");
  private final VirtualSigstore sigstore = VirtualSigstore.create(5, Clock.systemUTC());
  private Clients clients;
  private RefereeProcess registry;
  private ImageBuilder images;
  private Path root;
  private int files;

  @BeforeAll
  void start(Clients clients) throws IOException {
    this.clients = clients;
    registry = RefereeProcess.registry(folder.path());
    images = new ImageBuilder(clients, registry.host());
    root = Files.write(folder.path().resolve("trusted_root.json"), sigstore.trustRoot());
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
    folder.close();
  }

  /// The same certificate in both forms of the claim, in each, and in none.
  @ParameterizedTest
  @CsvSource({
    "both, true, true, allowed",
    "newer, false, true, allowed",
    "older, true, false, allowed",
    "none, false, false, IDENTITY_MISMATCH"
  })
  void matchesAnyIssuerAndNotTheAbsenceOfOne(
      String name, boolean older, boolean newer, String expected) throws IOException {
    var image = images.digested(images.push("issuer-" + name));
    var signing =
        sigstore.statement(
            Statements.bytes(
                Statements.signature(Digest.parse(image.substring(image.indexOf('@') + 1)))));
    signing.certificate(
        certificate -> {
          if (!older) {
            certificate.withoutClaim(OLDER);
          }
          if (!newer) {
            certificate.withoutClaim(NEWER);
          }
        });
    attach(image, signing.sign());
    var anyIssuer = question(".*", ".*");
    var itsIssuer = question(Signing.ISSUER, Signing.ISSUER.replace(".", "[.]"));
    var otherIssuer = question("https://evil.test", "https://evil[.]test");

    assertOurs(image, anyIssuer, expected);
    assertOurs(image, itsIssuer, expected);
    assertOurs(image, otherIssuer, "IDENTITY_MISMATCH");
    assertTheirs(image, anyIssuer, true);
    assertTheirs(image, itsIssuer, expected.equals("allowed"));
    assertTheirs(image, otherIssuer, false);
    Stricter.ISSUER.assertInTable();
  }

  /// @param theirs the pattern as cosign reads it: it matches parts, too
  private Question question(String theirs, String ours) {
    return new Question(
        Form.BUNDLE,
        new Question.Signer(
            TrustDocuments.keyless(
                "root", "issuerRegExp: \"%s\", subject: \"%s\"".formatted(ours, Signing.WORKFLOW)),
            List.of(
                "--certificate-identity",
                Signing.WORKFLOW,
                "--certificate-oidc-issuer-regexp",
                theirs)),
        Profile.STRICT,
        root);
  }

  private void attach(String image, byte[] bundle) throws IOException {
    Files.write(clients.home().resolve("bundle.json"), bundle);
    clients
        .oras()
        .succeed(
            "attach",
            "--plain-http",
            "--no-tty",
            "--artifact-type",
            BUNDLE,
            image,
            "bundle.json:" + BUNDLE);
  }

  private void assertTheirs(String image, Question question, boolean accepted) {
    var theirs = clients.cosign().run(question.cosign(image));
    assertThat(theirs.succeeded()).as(theirs.stderr()).isEqualTo(accepted);
  }

  private void assertOurs(String image, Question question, String expected) throws IOException {
    var documents = folder.path().resolve("documents-%d.yaml".formatted(files++));
    Files.writeString(documents, question.documents(), UTF_8);
    var ours = RefereeProcess.run(folder.path(), "verify", image, "--policy", documents.toString());
    boolean allowed = expected.equals("allowed");
    assertThat(ours.exitCode()).as(ours.stdout() + ours.stderr()).isEqualTo(allowed ? 0 : 1);
    assertThat(ours.stdout()).contains(allowed ? "verdict: allowed" : expected);
  }
}
