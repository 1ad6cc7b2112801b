package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What every client of images must be able to do with a bundled registry, over TLS that it
/// verifies, and what the registry must not let it do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ImageClientContract {
  private final String name;
  private final ImageClient client;
  private BundledRegistries registries;
  private Program unprepared;
  private Program program;

  @TempDir private Path folder;
  private Path layout;
  private LayoutImage image;

  /// @param name of the client, which is also its user's
  ImageClientContract(String name, ImageClient client) {
    this.name = requireNonNull(name, "name is null");
    this.client = requireNonNull(client, "client is null");
  }

  /// The client as it is found.
  abstract Program program(Clients clients);

  @BeforeAll
  void prepare(Clients clients, BundledRegistries registries) {
    this.registries = registries;
    unprepared = program(clients);
    program = registries.trusting(unprepared);
  }

  @BeforeEach
  void beNobody() throws IOException {
    layout = folder.resolve("pushed");
    image = LayoutImage.write(layout);
    for (var registry :
        new String[] {
          registries.closed(), registries.open(), registries.shared(), registries.tokens()
        }) {
      // Some fail where nobody is logged in.
      var _ = client.logout(program, registry);
    }
  }

  BundledRegistries registries() {
    return registries;
  }

  /// The client, which trusts the authority.
  Program program() {
    return program;
  }

  void login(String registry) {
    client.login(program, registry, name, BundledRegistry.password(name)).orFail();
  }

  /// A reference in a repository of this client.
  String reference(String registry, String what) {
    return "%s/public/%s/%s:%s".formatted(registry, name, what, LayoutImage.TAG);
  }

  LayoutImage image() {
    return image;
  }

  /// Pushes the image.
  void push(String reference) {
    client.push(program, layout, reference).orFail();
  }

  static String repository(String reference) {
    return reference.substring(0, reference.lastIndexOf(':'));
  }

  @Test
  void pushesPullsAndListsWithAPassword() throws IOException {
    var reference = reference(registries.closed(), "with-password");
    login(registries.closed());

    client.push(program, layout, reference).orFail();

    assertPulls(reference);
    assertThat(client.logout(program, registries.closed()).succeeded()).isTrue();
    assertRefused(client.pull(program, reference, folder.resolve("refused")));
    assertRefused(client.tags(program, repository(reference)));
  }

  @Test
  void pushesPullsAndListsWithoutCredentialsWhereEverybodyMay() throws IOException {
    var reference = reference(registries.open(), "without-credentials");

    client.push(program, layout, reference).orFail();

    assertPulls(reference);
  }

  @Test
  void pullsWhatIsPublicWithoutCredentialsAndPushesNothing() throws IOException {
    var reference = reference(registries.shared(), "shared");
    var hidden = reference.replace("/public/", "/hidden/");
    login(registries.shared());
    client.push(program, layout, reference).orFail();
    client.push(program, layout, hidden).orFail();
    assertThat(client.logout(program, registries.shared()).succeeded()).isTrue();

    assertPulls(reference);
    assertRefused(client.push(program, layout, reference.replace(":v1", ":v2")));
    assertRefused(client.push(program, layout, reference(registries.shared(), "new")));
    assertRefused(client.pull(program, hidden, folder.resolve("hidden")));
    assertThat(client.listed(client.tags(program, repository(reference)))).containsExactly("v1");
  }

  /// Where everybody may pull, and whoever pushes gets a token by its password.
  @Test
  void pushesPullsAndListsByTokens() throws IOException {
    var registry = registries.tokens();
    var reference = reference(registry, "by-token");
    var hidden = reference.replace("/public/", "/hidden/");
    assertRefused(client.push(program, layout, reference));
    login(registry);

    client.push(program, layout, reference).orFail();
    client.push(program, layout, hidden).orFail();

    client.pull(program, hidden, folder.resolve("hidden")).orFail();
    image.assertIn(folder.resolve("hidden"));
    assertThat(client.listed(client.tags(program, repository(hidden))))
        .containsExactly(LayoutImage.TAG);
    assertThat(client.logout(program, registry).succeeded()).isTrue();
    assertPulls(reference);
    assertRefused(client.push(program, layout, reference.replace(":v1", ":v2")));
    assertRefused(client.pull(program, hidden, folder.resolve("refused")));
    assertThat(client.listed(client.tags(program, repository(reference)))).containsExactly("v1");
  }

  @Test
  void hearsOfAWrongPasswordWhereThereAreTokens() {
    var login = client.login(program, registries.tokens(), name, "wrong");

    assertThat(login.succeeded()).as(login.stdout()).isEqualTo(!client.looksAtLogin());
    assertRefused(client.push(program, layout, reference(registries.tokens(), "wrong-password")));
  }

  @Test
  void isRefusedWithAWrongPassword() {
    for (var registry : new String[] {registries.closed(), registries.shared()}) {
      // Some keep the password without a look, and some look where nobody asks for one.
      var _ = client.login(program, registry, name, "wrong");

      assertRefused(client.push(program, layout, reference(registry, "wrong-password")));
    }
    var reference = reference(registries.closed(), "wrong-password");
    assertRefused(client.pull(program, reference, folder.resolve("refused")));
    login(registries.closed());
    assertThat(client.tags(program, repository(reference)).succeeded()).isFalse();
  }

  @Test
  void wantsToKnowTheAuthority() {
    var stranger = registries.trustingNobody(unprepared);

    var refused = client.push(stranger, layout, reference(registries.open(), "strange"));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr() + refused.stdout()).contains("x509: certificate signed by unknown");
  }

  private void assertPulls(String reference) throws IOException {
    var pulled = folder.resolve("pulled");
    client.pull(program, reference, pulled).orFail();
    image.assertIn(pulled);
    assertThat(client.listed(client.tags(program, repository(reference))))
        .containsExactly(LayoutImage.TAG);
  }

  /// For want of rights, and not for anything else.
  static void assertRefused(Output output) {
    assertThat(output.exitCode()).as(output.stdout()).isNotZero();
    assertThat(output.stdout() + output.stderr())
        .containsPattern("(?i)unauthorized|credentials|credential not found|status code 401");
  }
}
