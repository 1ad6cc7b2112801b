package dev.referee.e2e.clients;

import static dev.referee.e2e.clients.ImageClientContract.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import dev.referee.testing.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// cosign signs, attaches and verifies with its key: as referrers, and under its legacy tags.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CosignE2E {
  private static final String BUNDLE = "https://sigstore.dev/cosign/sign/v1";
  private static final String SBOM = "application/vnd.dev.cosign.artifact.sbom.v1+json";

  private BundledRegistries registries;
  private Program cosign;
  private Program crane;
  private Path home;
  private String sbom;

  @TempDir private Path folder;
  private LayoutImage image;

  @BeforeAll
  void makeKeys(Clients clients, BundledRegistries registries) throws IOException {
    this.registries = registries;
    home = clients.home();
    cosign = registries.trusting(clients.cosign()).with("COSIGN_PASSWORD", "");
    crane = registries.trusting(clients.crane());
    sbom = new String(Documents.spdx("shop"), UTF_8);
    // No transparency log, no time stamps, and no look at the network for either.
    cosign.succeed(none("signing-config", "oidc", "signing-config.json"));
    cosign.succeed(none("trusted-root", "ctfe", "trusted-root.json"));
    cosign.succeed("generate-key-pair", "--output-key-prefix", "ci");
    cosign.succeed("generate-key-pair", "--output-key-prefix", "stranger");
  }

  private static String[] none(String what, String also, String file) {
    var services = new ArrayList<>(List.of("fulcio", "rekor", "tsa"));
    services.add(also);
    var arguments = new ArrayList<>(List.of(what, "create", "--out", file));
    services.forEach(service -> arguments.add("--no-default-" + service));
    return arguments.toArray(String[]::new);
  }

  @BeforeEach
  void beNobody() throws IOException {
    logout();
    Files.writeString(home.resolve("spdx.json"), sbom);
    image = LayoutImage.write(folder.resolve("pushed"));
  }

  @Test
  void signsVerifiesAndListsAsReferrers() {
    var reference = push(registries.closed(), "referrers");

    assertRefused(sign(reference));
    assertRefused(verify("ci", reference));
    login(registries.closed());
    assertThat(verify("ci", reference).stderr()).contains("no signatures found");
    sign(reference).orFail();

    assertThat(verify("ci", reference).orFail().stdout()).contains(image.digest().toString());
    assertThat(verify("stranger", reference).succeeded()).isFalse();
    assertThat(tree(reference)).contains(BUNDLE + " artifacts via OCI referrer");
    // Nothing is under a tag.
    assertThat(tags(reference)).containsExactly("v1");
  }

  @Test
  void signsAndAttachesUnderLegacyTags() {
    var reference = push(registries.closed(), "tags");
    login(registries.closed());

    cosign.succeed(
        "sign",
        "--key",
        "ci.key",
        "-y",
        "--tlog-upload=false",
        "--use-signing-config=false",
        "--new-bundle-format=false",
        reference);
    attachSbom("legacy", reference).orFail();

    assertThat(verify("ci", reference, "--new-bundle-format=false").orFail().stdout())
        .contains(image.digest().toString());
    assertThat(cosign.succeed("download", "sbom", reference).stdout()).isEqualTo(sbom);
    var tag = "sha256-" + image.digest().hex();
    assertThat(tags(reference)).containsExactly(tag + ".sbom", tag + ".sig", "v1");
    assertThat(tree(reference))
        .contains("Signatures for an image tag: " + repository(reference) + ":" + tag + ".sig")
        .contains("SBOMs for an image tag: " + repository(reference) + ":" + tag + ".sbom")
        .doesNotContain("OCI referrer");
  }

  @Test
  void attachesAnSbomAsAReferrer() {
    var reference = push(registries.closed(), "sbom");
    login(registries.closed());

    attachSbom("oci-1-1", reference).orFail();

    assertThat(tree(reference)).contains(SBOM + " artifacts via OCI referrer");
    assertThat(tags(reference)).containsExactly("v1");
  }

  @Test
  void letsEverybodyVerifyAndNobodySignByAPassword() throws IOException {
    letsEverybodyVerifyAndNobodySign(registries.shared());
  }

  @Test
  void letsEverybodyVerifyAndNobodySignByTokens() throws IOException {
    letsEverybodyVerifyAndNobodySign(registries.tokens());
  }

  private void letsEverybodyVerifyAndNobodySign(String registry) throws IOException {
    var reference = push(registry, "seen");
    login(registry);
    sign(reference).orFail();
    attachSbom("legacy", reference).orFail();
    logout();

    assertThat(verify("ci", reference).orFail().stdout()).contains(image.digest().toString());
    assertThat(cosign.succeed("download", "sbom", reference).stdout()).isEqualTo(sbom);
    // What is there already it would not send.
    Files.write(home.resolve("spdx.json"), Documents.spdx("other"));
    assertRefused(sign("stranger", reference));
    assertRefused(attachSbom("legacy", reference));
    assertRefused(attachSbom("oci-1-1", reference));
    assertThat(verify("stranger", reference).succeeded()).isFalse();
    assertThat(cosign.succeed("download", "sbom", reference).stdout()).isEqualTo(sbom);
  }

  @Test
  void isRefusedWithAWrongPassword() {
    var reference = push(registries.shared(), "wrong");
    login(registries.shared(), "wrong");

    assertRefused(sign(reference));
    assertRefused(verify("ci", reference));
  }

  @Test
  void signsWithoutCredentialsWhereEverybodyMay() {
    var reference = push(registries.open(), "open");

    sign(reference).orFail();

    assertThat(verify("ci", reference).orFail().stdout()).contains(image.digest().toString());
  }

  @Test
  void wantsToKnowTheAuthority() {
    var reference = push(registries.open(), "strange");

    var refused = registries.trustingNobody(cosign).run("tree", reference);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("x509: certificate signed by unknown");
  }

  /// @return by digest
  private String push(String registry, String what) {
    var repository = registry + "/public/cosign/" + what;
    if (!registry.equals(registries.open())) {
      login(registry);
    }
    crane.succeed("push", folder.resolve("pushed").toString(), repository + ":v1");
    logout();
    return repository + "@" + image.digest();
  }

  private void login(String registry) {
    login(registry, BundledRegistry.password("cosign"));
  }

  private void login(String registry, String password) {
    cosign.succeed("login", registry, "-u", "cosign", "-p", password);
  }

  private void logout() {
    try {
      Files.deleteIfExists(home.resolve(".docker/config.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Output sign(String reference) {
    return sign("ci", reference);
  }

  private Output sign(String key, String reference) {
    return cosign.run(
        "sign",
        "--key",
        key + ".key",
        "--signing-config",
        "signing-config.json",
        "--trusted-root",
        "trusted-root.json",
        "-y",
        reference);
  }

  private Output verify(String key, String reference, String... options) {
    var arguments =
        new ArrayList<>(List.of("verify", "--key", key + ".pub", "--insecure-ignore-tlog"));
    arguments.addAll(List.of("--trusted-root", "trusted-root.json"));
    arguments.addAll(List.of(options));
    arguments.add(reference);
    return cosign.run(arguments.toArray(String[]::new));
  }

  private Output attachSbom(String mode, String reference) {
    // The mode that the specification has is an experiment to this client.
    return cosign
        .with("COSIGN_EXPERIMENTAL", "1")
        .run(
            "attach",
            "sbom",
            "--registry-referrers-mode",
            mode,
            "--type",
            "spdx",
            "--sbom",
            "spdx.json",
            reference);
  }

  private String tree(String reference) {
    return cosign.succeed("tree", reference).stdout();
  }

  private List<String> tags(String reference) {
    return crane.succeed("ls", repository(reference)).text().lines().toList();
  }

  private static String repository(String reference) {
    return reference.substring(0, reference.indexOf('@'));
  }
}
