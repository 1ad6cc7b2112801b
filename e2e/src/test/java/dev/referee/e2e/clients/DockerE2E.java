package dev.referee.e2e.clients;

import static dev.referee.e2e.clients.ImageClientContract.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.registries.TinyImage;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A Docker engine of this machine, where one answers and the folder in which it looks for
/// authorities can be written: it pushes to registries that want a password, or none.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerE2E {
  /// Where the engine looks for authorities, below the name of the registry.
  private static final Path AUTHORITIES = Path.of("/etc/docker/certs.d");

  /// Digest and id are what the engine computed itself.
  private static final String FACTS = "{{.Tag}} {{.Digest}} {{.ID}}";

  private final List<BundledRegistry> started = new ArrayList<>();
  private final CertificateAuthority vouching = CertificateAuthority.create("CN=clients");
  private BundledRegistries registries;
  private Program docker;
  private Path home;
  private BundledRegistry closed;
  private BundledRegistry open;
  private BundledRegistry shared;
  private BundledRegistry certified;
  private BundledRegistry tokens;
  private String image;

  @BeforeAll
  void prepare(Clients clients, BundledRegistries registries) throws IOException {
    this.registries = registries;
    docker = clients.docker();
    home = clients.home();
    var address = expectLocalEngine();
    closed = start(AccessMode.CLOSED, address);
    open = start(AccessMode.OPEN, address);
    shared = start(AccessMode.PUBLIC, address);
    certified = BundledRegistry.startForCertificates(registries.authority(), vouching, address);
    started.add(certified);
    tokens = start(AccessMode.TOKENS, address);
    Files.write(home.resolve("layer.tar"), TinyImage.layer());
  }

  /// @return an address of this machine that is not loopback, for which the engine would verify no
  ///   certificate
  private String expectLocalEngine() {
    var engine = docker.run("info", "--format", "{{.Name}}");
    if (!engine.succeeded()) {
      throw new ToolException(ToolReason.UNAVAILABLE, "no Docker engine answers");
    }
    try {
      var host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      if (!host.equals(engine.text())) {
        throw new ToolException(ToolReason.UNAVAILABLE, "the Docker engine is on another machine");
      }
      var probe = Files.createDirectories(AUTHORITIES);
      if (!Files.isWritable(probe)) {
        throw new ToolException(ToolReason.UNAVAILABLE, AUTHORITIES + " cannot be written");
      }
    } catch (IOException e) {
      throw new ToolException(
          ToolReason.UNAVAILABLE, AUTHORITIES + " of a Docker engine cannot be written", e);
    }
    return docker
        .succeed("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
        .text();
  }

  private BundledRegistry start(AccessMode mode, String address) {
    var registry = BundledRegistry.start(registries.authority(), mode, address);
    started.add(registry);
    return registry;
  }

  @AfterAll
  void stop() {
    started.forEach(BundledRegistry::close);
  }

  @BeforeEach
  void makeImage() throws IOException {
    Files.deleteIfExists(home.resolve(".docker/config.json"));
    image =
        docker.succeed("import", "--change", "LABEL test=" + UUID.randomUUID(), "layer.tar").text();
    for (var registry : started) {
      var folder = Files.createDirectories(authorities(registry));
      Files.copy(registries.authorityFile(), folder.resolve("ca.crt"));
    }
  }

  @AfterEach
  void removeImage() throws IOException {
    for (var registry : started) {
      for (var file : List.of("ca.crt", "client.cert", "client.key")) {
        Files.deleteIfExists(authorities(registry).resolve(file));
      }
      Files.deleteIfExists(authorities(registry));
    }
    var _ = docker.run("rmi", "--force", image);
  }

  private static Path authorities(BundledRegistry registry) {
    return AUTHORITIES.resolve(registry.host());
  }

  @Test
  void pushesPullsAndListsWithAPassword() throws IOException {
    var repository = repository(closed);
    assertRefused(push(repository + ":v1"));
    assertThat(login(closed, "wrong").stderr()).contains("401 Unauthorized");
    assertRefused(push(repository + ":v1"));
    login(closed, BundledRegistry.password("docker")).orFail();

    push(repository + ":v1").orFail();
    push(repository + ":v2").orFail();

    assertPulls(repository);
    docker.succeed("logout", closed.host());
    assertRefused(docker.run("pull", repository + ":v1"));
  }

  @Test
  void pushesPullsAndListsWithoutCredentialsWhereEverybodyMay() throws IOException {
    var repository = repository(open);

    push(repository + ":v1").orFail();
    push(repository + ":v2").orFail();

    assertPulls(repository);
  }

  /// The engine looks for a challenge at one place only, and takes none where it is let in.
  @Test
  void pullsWhatIsPublicAndPushesNothing(Clients clients) throws IOException {
    var repository = repository(shared);
    assertRefused(push(repository + ":v1"));
    docker.succeed("save", "--output", "image.tar", repository + ":v1");
    var crane = registries.trusting(clients.crane());
    crane
        .reading(BundledRegistry.password("docker"))
        .succeed("auth", "login", shared.host(), "-u", "docker", "--password-stdin");
    crane.succeed("push", "image.tar", repository + ":v1");
    crane.succeed("push", "image.tar", repository + ":v2");
    crane.succeed("auth", "logout", shared.host());

    assertPulls(repository);
  }

  /// Known by nothing else: nobody has logged in.
  @Test
  void pushesAndPullsByItsCertificate() throws IOException {
    var repository = repository(certified);
    assertRefused(push(repository + ":v1"));
    show(BundledRegistry.BUILDER + "s");
    assertThat(push(repository + ":v1").stderr()).contains("denied");
    show(BundledRegistry.BUILDER);

    push(repository + ":v1").orFail();
    push(repository + ":v2").orFail();

    assertPulls(repository);
  }

  private void show(String uri) throws IOException {
    var names = List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    var certificate = vouching.client("CN=docker", names);
    var folder = authorities(certified);
    Files.writeString(folder.resolve("client.cert"), certificate.certificatePem());
    Files.writeString(folder.resolve("client.key"), certificate.keyPem());
  }

  /// By tokens it is asked for its password also where everybody may pull.
  @Test
  void pushesByTokensAndPullsWhatIsPublic() throws IOException {
    var repository = repository(tokens);
    assertRefused(push(repository + ":v1"));
    assertThat(login(tokens, "wrong").stderr()).contains("the credentials do not hold");
    assertRefused(push(repository + ":v1"));
    login(tokens, BundledRegistry.password("docker")).orFail();

    push(repository + ":v1").orFail();
    push(repository + ":v2").orFail();

    docker.succeed("logout", tokens.host());
    assertPulls(repository);
    assertRefused(push(repository + ":v3"));
  }

  @Test
  void wantsToKnowTheAuthority() throws IOException {
    Files.delete(authorities(open).resolve("ca.crt"));

    var refused = push(repository(open) + ":v1");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("x509: certificate signed by unknown");
  }

  private static String repository(BundledRegistry registry) {
    return registry.host() + "/public/docker/" + UUID.randomUUID();
  }

  private Output login(BundledRegistry registry, String password) {
    return docker
        .reading(password)
        .run("login", registry.host(), "--username", "docker", "--password-stdin");
  }

  private Output push(String reference) {
    docker.succeed("tag", image, reference);
    return docker.run("push", reference);
  }

  /// All tags, to an engine that has forgotten the image and each of its layers.
  private void assertPulls(String repository) throws IOException {
    docker.succeed("rmi", "--force", image);
    assertThat(docker.run("image", "inspect", image).succeeded()).isFalse();

    var pulled = docker.succeed("pull", "--all-tags", repository).stdout();

    assertThat(pulled).contains("v1: Pulling from", "v2: Pulling from");
    var listed =
        docker.succeed("image", "ls", "--no-trunc", "--digests", "--format", FACTS, repository);
    var digest = docker.succeed("inspect", "--format", "{{index .RepoDigests 0}}", image).text();
    var facts = digest.substring(digest.indexOf('@') + 1) + " " + image;
    assertThat(listed.text().lines()).containsExactlyInAnyOrder("v1 " + facts, "v2 " + facts);
    var container = docker.succeed("create", repository + ":v1", "/" + TinyImage.PROGRAM).text();
    try {
      docker.succeed("cp", container + ":/" + TinyImage.PROGRAM, "program");
      var bytes = Files.readAllBytes(home.resolve("program"));
      assertThat(TinyImage.layer()).containsSequence(bytes);
      assertThat(bytes).isNotEmpty();
    } finally {
      docker.succeed("rm", container);
    }
  }
}
