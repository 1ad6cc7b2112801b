package dev.referee.e2e.clients;

import static dev.referee.e2e.clients.ImageClientContract.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What clients may do by the certificates that they show, and nothing else: no password, no token.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificateE2E {
  private static final String LOOPBACK = "127.0.0.1";

  private final CertificateAuthority vouching = CertificateAuthority.create("CN=clients");

  private BundledRegistry registry;
  private ClientIdentity builder;
  private ClientIdentity stranger;
  private ClientIdentity nobody;
  private ClientIdentity impostor;

  @TempDir private Path folder;
  private Path layout;
  private LayoutImage image;

  @BeforeAll
  void prepare(Clients clients, BundledRegistries registries) throws IOException {
    registry = BundledRegistry.startForCertificates(registries.authority(), vouching, LOOPBACK);
    var authority = registries.authorityFile();
    var identities = clients.home();
    builder =
        ClientIdentity.write(
            identities.resolve("builder"),
            authority,
            vouching.client("CN=builder", List.of(uri(BundledRegistry.BUILDER))));
    stranger =
        ClientIdentity.write(
            identities.resolve("stranger"),
            authority,
            vouching.client("CN=stranger", List.of(uri(BundledRegistry.BUILDER + "s"))));
    nobody = ClientIdentity.nobody(identities.resolve("nobody"), authority);
    // Of the same name, so that clients think that their certificate is asked for.
    impostor =
        ClientIdentity.write(
            identities.resolve("impostor"),
            authority,
            CertificateAuthority.create("CN=clients")
                .client("CN=builder", List.of(uri(BundledRegistry.BUILDER))));
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void makeImage() throws IOException {
    layout = folder.resolve("pushed");
    image = LayoutImage.write(layout);
  }

  @ParameterizedTest
  @EnumSource(CertifiedClient.class)
  void pushesAndPullsByItsCertificate(CertifiedClient client, Clients clients) throws IOException {
    var program = client.program(clients);
    var reference = reference("private", client);

    client.push(program, builder, layout, reference).orFail();

    var pulled = folder.resolve("pulled");
    client.pull(program, builder, reference, pulled).orFail();
    image.assertIn(pulled);
  }

  /// A certificate to which nothing is granted has not even what nobody has.
  @ParameterizedTest
  @EnumSource(CertifiedClient.class)
  void isRefusedWithACertificateToWhichNothingIsGranted(CertifiedClient client, Clients clients) {
    var program = client.program(clients);
    var reference = reference("public", client);
    client.push(program, builder, layout, reference).orFail();

    assertForbidden(client.push(program, stranger, layout, reference + "2"));
    assertForbidden(client.pull(program, stranger, reference, folder.resolve("refused")));
  }

  /// Nobody is asked to show one: who has none, has what everybody has.
  @ParameterizedTest
  @EnumSource(CertifiedClient.class)
  void pullsWhatIsPublicWithoutACertificate(CertifiedClient client, Clients clients)
      throws IOException {
    var program = client.program(clients);
    var reference = reference("public", client);
    client.push(program, builder, layout, reference).orFail();

    var pulled = folder.resolve("pulled");
    client.pull(program, nobody, reference, pulled).orFail();
    image.assertIn(pulled);
    assertRefused(client.push(program, nobody, layout, reference + "2"));
  }

  /// The handshake ends, also for what everybody may pull.
  @ParameterizedTest
  @EnumSource(CertifiedClient.class)
  void isTurnedAwayWithACertificateOfAnotherAuthority(CertifiedClient client, Clients clients) {
    var program = client.program(clients);
    var reference = reference("public", client);
    client.push(program, builder, layout, reference).orFail();

    assertTurnedAway(client.push(program, impostor, layout, reference + "2"));
    assertTurnedAway(client.pull(program, impostor, reference, folder.resolve("refused")));
  }

  /// Signs and verifies, which pulls and pushes by a library that crane has no option for.
  @Test
  void cosignSignsByItsCertificate(Clients clients) {
    var reference = reference("private", CertifiedClient.ORAS) + "-signed";
    CertifiedClient.ORAS.push(clients.oras(), builder, layout, reference).orFail();
    var cosign = clients.cosign().with("COSIGN_PASSWORD", "");
    for (var service : List.of("signing-config oidc", "trusted-root ctfe")) {
      var what = service.substring(0, service.indexOf(' '));
      var also = service.substring(service.indexOf(' ') + 1);
      cosign.succeed(
          what,
          "create",
          "--out",
          what + ".json",
          "--no-default-fulcio",
          "--no-default-rekor",
          "--no-default-tsa",
          "--no-default-" + also);
    }
    cosign.succeed("generate-key-pair", "--output-key-prefix", "certified");

    assertForbidden(sign(cosign, stranger, reference));
    sign(cosign, builder, reference).orFail();

    verify(cosign, builder, reference).orFail();
    assertForbidden(verify(cosign, stranger, reference));
  }

  private static Output sign(Program cosign, ClientIdentity identity, String reference) {
    return cosign.run(
        "sign",
        "--key",
        "certified.key",
        "--signing-config",
        "signing-config.json",
        "--trusted-root",
        "trusted-root.json",
        "--registry-cacert",
        identity.authority().toString(),
        "--registry-client-cert",
        identity.certificate().toString(),
        "--registry-client-key",
        identity.key().toString(),
        "-y",
        reference);
  }

  private static Output verify(Program cosign, ClientIdentity identity, String reference) {
    return cosign.run(
        "verify",
        "--key",
        "certified.pub",
        "--insecure-ignore-tlog",
        "--trusted-root",
        "trusted-root.json",
        "--registry-cacert",
        identity.authority().toString(),
        "--registry-client-cert",
        identity.certificate().toString(),
        "--registry-client-key",
        identity.key().toString(),
        reference);
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private String reference(String access, CertifiedClient client) {
    return "%s/%s/certificates/%s:%s"
        .formatted(
            registry.host(), access, client.name().toLowerCase(Locale.ROOT), LayoutImage.TAG);
  }

  /// Known, and without a right.
  private static void assertForbidden(Output output) {
    assertThat(output.exitCode()).as(output.stdout()).isNotZero();
    assertThat(output.stdout() + output.stderr()).containsPattern("(?i)denied|forbidden|403");
  }

  /// Before any request.
  private static void assertTurnedAway(Output output) {
    assertThat(output.exitCode()).as(output.stdout()).isNotZero();
    assertThat(output.stdout() + output.stderr())
        .containsPattern("(?i)tls: [a-z ]*certificate|alert [a-z ]*(certificate|ca)\\b");
  }
}
