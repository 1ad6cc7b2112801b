package dev.referee.e2e.clients;

import static dev.referee.e2e.clients.ImageClientContract.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// notation signs, lists and verifies; its signatures are referrers.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotationSignaturesE2E {
  private static final String SIGNATURE = "application/vnd.cncf.notary.signature";
  private static final String POLICY =
      """
      {"version": "1.0", "trustPolicies": [{
         "name": "all", "registryScopes": ["*"], "signatureVerification": {"level": "strict"},
         "trustStores": ["ca:release"], "trustedIdentities": ["*"]}]}
      """;

  private BundledRegistries registries;
  private Program notation;
  private Program crane;

  @TempDir private Path folder;
  private LayoutImage image;

  @BeforeAll
  void makeKeys(Clients clients, BundledRegistries registries) throws IOException {
    this.registries = registries;
    notation = registries.trusting(clients.notation());
    crane = registries.trusting(clients.crane());
    notation.succeed("cert", "generate-test", "--default", "release");
    Files.writeString(clients.home().resolve(".config/notation/trustpolicy.json"), POLICY);
  }

  @BeforeEach
  void makeImage() throws IOException {
    image = LayoutImage.write(folder.resolve("pushed"));
  }

  @Test
  void signsListsAndVerifiesWithAPassword() {
    var reference = push(registries.closed(), "with-password");
    assertRefused(notation.run("sign", reference));
    assertRefused(notation.run("list", reference));
    assertRefused(user("wrong").run("sign", reference));
    assertRefused(user("wrong").run("verify", reference));
    var user = user(BundledRegistry.password("notation"));
    assertThat(user.run("verify", reference).stderr()).contains("no signature is associated");

    user.succeed("sign", "--signature-format", "jws", "--force-referrers-tag=false", reference);
    assertThat(tags(reference)).containsExactly("v1");
    // As it does unless told otherwise: with an index under a tag, too.
    user.succeed("sign", "--signature-format", "cose", reference);
    assertThat(tags(reference)).containsExactly("sha256-" + image.digest().hex(), "v1");

    assertLists(user, reference, 2);
    assertVerifies(user.run("verify", reference));
    assertRefused(notation.run("verify", reference));
  }

  @Test
  void letsEverybodyVerifyAndNobodySignByAPassword() {
    letsEverybodyVerifyAndNobodySign(registries.shared());
  }

  @Test
  void letsEverybodyVerifyAndNobodySignByTokens() {
    letsEverybodyVerifyAndNobodySign(registries.tokens());
  }

  private void letsEverybodyVerifyAndNobodySign(String registry) {
    var reference = push(registry, "seen");
    var user = user(BundledRegistry.password("notation"));
    user.succeed("sign", reference);

    assertLists(notation, reference, 1);
    assertVerifies(notation.run("verify", reference));
    assertRefused(notation.run("sign", reference));
    assertRefused(user("wrong").run("sign", reference));
    assertLists(notation, reference, 1);
  }

  @Test
  void signsWithoutCredentialsWhereEverybodyMay() {
    var reference = push(registries.open(), "open");

    notation.succeed("sign", reference);

    assertLists(notation, reference, 1);
    assertVerifies(notation.run("verify", reference));
  }

  @Test
  void wantsToKnowTheAuthority() {
    var reference = push(registries.open(), "strange");

    var refused = registries.trustingNobody(notation).run("list", reference);

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("x509: certificate signed by unknown");
  }

  private void assertVerifies(Output verified) {
    assertThat(verified.orFail().stdout())
        .contains("Successfully verified signature", image.digest().toString());
  }

  private static void assertLists(Program client, String reference, int signatures) {
    var list = client.succeed("list", reference).text();
    assertThat(list.lines().filter(line -> line.contains(SIGNATURE))).hasSize(1);
    assertThat(list.lines().skip(1).filter(line -> line.contains("sha256:"))).hasSize(signatures);
  }

  /// There is no store of secrets that it would keep a password in.
  private Program user(String password) {
    return notation.with("NOTATION_USERNAME", "notation").with("NOTATION_PASSWORD", password);
  }

  /// @return by digest
  private String push(String registry, String what) {
    var repository = registry + "/public/notation/" + what;
    craneLoggedIn().succeed("push", folder.resolve("pushed").toString(), repository + ":v1");
    return repository + "@" + image.digest();
  }

  private List<String> tags(String reference) {
    return craneLoggedIn().succeed("ls", repository(reference)).text().lines().toList();
  }

  /// crane with a home of its own, where it is logged in: notation would use what it keeps.
  private Program craneLoggedIn() {
    var home = folder.resolve("crane");
    var other = crane.with("HOME", home.toString());
    for (var registry :
        new String[] {registries.closed(), registries.shared(), registries.tokens()}) {
      other
          .reading(BundledRegistry.password("notation"))
          .succeed("auth", "login", registry, "-u", "notation", "--password-stdin");
    }
    return other;
  }

  private static String repository(String reference) {
    return reference.substring(0, reference.indexOf('@'));
  }
}
