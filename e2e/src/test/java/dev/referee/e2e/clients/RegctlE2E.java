package dev.referee.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// regctl: artifacts, and copies that take along what refers to an image.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegctlE2E extends ImageClientContract {
  private static final String NOTE = "application/vnd.example.note";
  private static final String DIGESTS = "{{range .Descriptors}}{{println .Digest}}{{end}}";

  @TempDir private Path files;

  RegctlE2E() {
    super("regctl", new Regctl());
  }

  @Override
  Program program(Clients clients) {
    return clients.regctl();
  }

  private record Regctl() implements ImageClient {
    @Override
    public Output login(Program client, String registry, String user, String password) {
      return client
          .reading(password)
          .run("registry", "login", registry, "-u", user, "--pass-stdin");
    }

    @Override
    public Output logout(Program client, String registry) {
      return client.run("registry", "logout", registry);
    }

    @Override
    public Output push(Program client, Path layout, String reference) {
      return client.run("image", "copy", ocidir(layout), reference);
    }

    @Override
    public Output pull(Program client, String reference, Path layout) {
      return client.run("image", "copy", reference, ocidir(layout));
    }

    @Override
    public Output tags(Program client, String repository) {
      return client.run("tag", "ls", repository);
    }
  }

  private static String ocidir(Path layout) {
    return "ocidir://" + layout + ":" + LayoutImage.TAG;
  }

  @Test
  void putsArtifactsAndCopiesWithReferrersByAPassword() throws IOException {
    putsArtifactsAndCopiesWithReferrers(registries().closed());
  }

  @Test
  void putsArtifactsAndCopiesWithReferrersByTokens() throws IOException {
    putsArtifactsAndCopiesWithReferrers(registries().tokens());
  }

  private void putsArtifactsAndCopiesWithReferrers(String registry) throws IOException {
    var reference = reference(registry, "subject");
    login(registry);
    push(reference);
    put(reference, "one").orFail();
    put(reference, "two").orFail();
    var referrers = referrers(reference);
    assertThat(referrers).hasSize(2);
    assertThat(contents(repository(reference), referrers)).containsExactlyInAnyOrder("one", "two");

    var copy = reference(registry, "copy");
    program().succeed("image", "copy", "--referrers", reference, copy);
    assertThat(referrers(copy)).containsExactlyInAnyOrderElementsOf(referrers);
    assertThat(contents(repository(copy), referrers)).containsExactlyInAnyOrder("one", "two");

    var layout = files.resolve("layout");
    program().succeed("image", "copy", "--referrers", copy, ocidir(layout));
    assertThat(referrers(ocidir(layout))).containsExactlyInAnyOrderElementsOf(referrers);
    assertThat(LayoutImage.blobs(layout).keySet())
        .containsAll(image().content().keySet())
        .containsAll(referrers);

    assertThat(program().succeed("repo", "ls", registry).text().lines())
        .contains("public/regctl/subject", "public/regctl/copy");
    // The schema of tags is for registries without referrers.
    assertThat(program().succeed("tag", "ls", repository(copy)).text().lines())
        .containsExactly("v1");
  }

  @Test
  void showsReferrersToEverybodyAndTakesThemFromNobody() {
    var registry = registries().shared();
    var reference = reference(registry, "seen");
    login(registry);
    push(reference);
    put(reference, "one").orFail();
    program().succeed("registry", "logout", registry);

    var referrers = referrers(reference);
    assertThat(contents(repository(reference), referrers)).containsExactly("one");
    assertRefused(put(reference, "two"));
    assertThat(referrers(reference)).isEqualTo(referrers);
  }

  private Output put(String subject, String text) {
    return program()
        .reading(text)
        .run(
            "artifact",
            "put",
            "--artifact-type",
            NOTE,
            "--file-media-type",
            "text/plain",
            "--subject",
            subject);
  }

  private List<String> referrers(String subject) {
    return program()
        .succeed("artifact", "list", subject, "--filter-artifact-type", NOTE, "--format", DIGESTS)
        .text()
        .lines()
        .toList();
  }

  private List<String> contents(String repository, List<String> digests) {
    return digests.stream()
        .map(digest -> program().succeed("artifact", "get", repository + "@" + digest).text())
        .toList();
  }
}
