package dev.referee.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// oras, and with it all that is built of oras-go: files, and what refers to them.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrasE2E extends ImageClientContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REPORT = "application/vnd.example.report";
  private static final String NOTE = "application/vnd.example.note";

  @TempDir private Path files;

  OrasE2E() {
    super("oras", new Oras());
  }

  @Override
  Program program(Clients clients) {
    return clients.oras();
  }

  private record Oras() implements ImageClient {
    @Override
    public Output login(Program client, String registry, String user, String password) {
      return client
          .reading(password)
          .run("login", registry, "--username", user, "--password-stdin");
    }

    @Override
    public Output logout(Program client, String registry) {
      return client.run("logout", registry);
    }

    @Override
    public Output push(Program client, Path layout, String reference) {
      return client.run(
          "copy", "--no-tty", "--from-oci-layout", layout + ":" + LayoutImage.TAG, reference);
    }

    @Override
    public Output pull(Program client, String reference, Path layout) {
      return client.run(
          "copy", "--no-tty", "--to-oci-layout", reference, layout + ":" + LayoutImage.TAG);
    }

    @Override
    public Output tags(Program client, String repository) {
      return client.run("repo", "tags", repository);
    }
  }

  @Test
  void pushesFilesAndPullsThemByAPassword() throws IOException {
    pushesFilesAndPullsThem(registries().closed());
  }

  @Test
  void pushesFilesAndPullsThemByTokens() throws IOException {
    pushesFilesAndPullsThem(registries().tokens());
  }

  private void pushesFilesAndPullsThem(String registry) throws IOException {
    var reference = reference(registry, "files");
    login(registry);
    var file = Files.writeString(files.resolve("hello.txt"), "hello");

    inFiles()
        .succeed("push", "--no-tty", "--artifact-type", NOTE, reference, "hello.txt:text/plain");
    inFiles().succeed("pull", "--no-tty", "--output", "pulled", reference);

    assertThat(files.resolve("pulled/hello.txt")).hasSameBinaryContentAs(file);
    assertThat(program().succeed("repo", "ls", registry).text().lines())
        .contains("public/oras/files");
  }

  @Test
  void attachesDiscoversAndCopiesWithReferrersByAPassword() throws IOException {
    attachesDiscoversAndCopiesWithReferrers(registries().closed());
  }

  @Test
  void attachesDiscoversAndCopiesWithReferrersByTokens() throws IOException {
    attachesDiscoversAndCopiesWithReferrers(registries().tokens());
  }

  /// A report of the image, a note about the report: both follow the image wherever it is copied.
  private void attachesDiscoversAndCopiesWithReferrers(String registry) throws IOException {
    var reference = reference(registry, "subject");
    login(registry);
    push(reference);
    var report = attach(reference, REPORT, "a report");
    var note = attach(repository(reference) + "@" + report, NOTE, "a note");

    assertThat(discover(reference)).containsExactly(REPORT + " " + report);
    assertThat(discover(repository(reference) + "@" + report)).containsExactly(NOTE + " " + note);
    assertThat(discover(reference, "--artifact-type", REPORT)).hasSize(1);
    assertThat(discover(reference, "--artifact-type", NOTE)).isEmpty();

    var copy = reference(registry, "copy");
    program().succeed("cp", "-r", "--no-tty", reference, copy);
    assertThat(discover(copy)).containsExactly(REPORT + " " + report);
    assertThat(discover(repository(copy) + "@" + report)).containsExactly(NOTE + " " + note);

    var elsewhere = reference(registries().open(), "copy");
    program().succeed("cp", "-r", "--no-tty", copy, elsewhere);
    assertThat(discover(elsewhere)).containsExactly(REPORT + " " + report);

    var layout = files.resolve("layout");
    program().succeed("cp", "-r", "--no-tty", "--to-oci-layout", elsewhere, layout + ":v1");
    assertThat(discover(layout + ":v1", "--oci-layout")).containsExactly(REPORT + " " + report);
    assertThat(discover(layout + "@" + report, "--oci-layout")).containsExactly(NOTE + " " + note);
    assertThat(LayoutImage.blobs(layout).keySet())
        .containsAll(image().content().keySet())
        .contains(report, note);
  }

  @Test
  void showsReferrersToEverybodyAndTakesThemFromNobody() throws IOException {
    var registry = registries().shared();
    var reference = reference(registry, "seen");
    login(registry);
    push(reference);
    var report = attach(reference, REPORT, "a report");
    program().succeed("logout", registry);

    assertThat(discover(reference)).containsExactly(REPORT + " " + report);
    assertRefused(attaching(reference, NOTE, "a note"));
    assertThat(discover(reference)).containsExactly(REPORT + " " + report);
  }

  private Program inFiles() {
    return program().in(files);
  }

  /// @return the digest of what was attached
  private String attach(String reference, String type, String text) throws IOException {
    return attaching(reference, type, text).orFail().text();
  }

  private Output attaching(String reference, String type, String text) throws IOException {
    Files.writeString(files.resolve("attached.txt"), text);
    return inFiles()
        .run(
            "attach",
            "--no-tty",
            "--artifact-type",
            type,
            "--format",
            "go-template={{.digest}}",
            reference,
            "attached.txt:text/plain");
  }

  /// What refers to an artifact directly: type and digest.
  private List<String> discover(String reference, String... options) {
    var arguments = new ArrayList<>(List.of("discover", "--depth", "1", "--format", "json"));
    arguments.addAll(List.of(options));
    arguments.add(reference);
    var found = new ArrayList<String>();
    for (JsonNode referrer : json(arguments).path("referrers")) {
      found.add(referrer.path("artifactType").asText() + " " + referrer.path("digest").asText());
    }
    return found;
  }

  private JsonNode json(List<String> arguments) {
    var output = program().succeed(arguments.toArray(String[]::new)).stdout();
    try {
      return JSON.readTree(output);
    } catch (IOException e) {
      throw new IllegalStateException("oras wrote no JSON: " + output, e);
    }
  }
}
