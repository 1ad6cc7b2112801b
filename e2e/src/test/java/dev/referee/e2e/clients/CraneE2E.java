package dev.referee.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// crane, and with it all that is built of go-containerregistry.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CraneE2E extends ImageClientContract {
  CraneE2E() {
    super("crane", new Crane());
  }

  @Override
  Program program(Clients clients) {
    return clients.crane();
  }

  private record Crane() implements ImageClient {
    @Override
    public Output login(Program client, String registry, String user, String password) {
      return client
          .reading(password)
          .run("auth", "login", registry, "--username", user, "--password-stdin");
    }

    @Override
    public boolean looksAtLogin() {
      return false;
    }

    @Override
    public Output logout(Program client, String registry) {
      return client.run("auth", "logout", registry);
    }

    @Override
    public Output push(Program client, Path layout, String reference) {
      return client.run("push", layout.toString(), reference);
    }

    @Override
    public Output pull(Program client, String reference, Path layout) {
      return client.run("pull", "--format", "oci", reference, layout.toString());
    }

    @Override
    public Output tags(Program client, String repository) {
      return client.run("ls", repository);
    }
  }

  @Test
  void copiesTagsDeletesAndReadsTheCatalogByAPassword() {
    copiesTagsDeletesAndReadsTheCatalog(registries().closed());
  }

  /// A deletion and the catalog need tokens of their own.
  @Test
  void copiesTagsDeletesAndReadsTheCatalogByTokens() {
    copiesTagsDeletesAndReadsTheCatalog(registries().tokens());
  }

  /// Blobs are mounted and not sent; what was copied is what was pushed.
  private void copiesTagsDeletesAndReadsTheCatalog(String registry) {
    var from = reference(registry, "original");
    var to = reference(registry, "copy");
    login(registry);
    push(from);

    var copied = program().succeed("copy", from, to).stderr();
    program().succeed("tag", to, "v2");

    assertThat(copied).contains("mounted blob").doesNotContain("pushed blob");
    assertThat(program().succeed("digest", to).text())
        .isEqualTo(program().succeed("digest", from).text())
        .isEqualTo(image().digest().toString());
    assertThat(program().succeed("ls", repository(to)).text().lines()).containsExactly("v1", "v2");
    assertThat(program().succeed("catalog", registry).text().lines())
        .contains("public/crane/original", "public/crane/copy");

    program().succeed("delete", to);
    assertThat(program().succeed("ls", repository(to)).text().lines()).containsExactly("v2");
    assertThat(program().succeed("manifest", repository(to) + ":v2").stdout())
        .isEqualTo(program().succeed("manifest", from).stdout());
  }
}
