package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.Executables;
import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.e2e.tools.ToolException;
import dev.referee.e2e.tools.ToolReason;
import java.nio.file.Path;

/// The real clients, each built when it is first asked for or, where it says so, installed. They
/// share a home folder, as one user's clients do, and see nothing of the environment and the home
/// of whoever runs the tests. A method throws [dev.referee.e2e.tools.ToolException] where its
/// client is not to be had.
public final class Clients implements AutoCloseable {
  private final GoBuilds builds;
  private final TemporaryFolder home = TemporaryFolder.create("referee-e2e-home");

  private Clients(GoBuilds builds) {
    this.builds = requireNonNull(builds, "builds is null");
  }

  /// Clients with a new, empty home folder.
  public static Clients create(GoBuilds builds) {
    return new Clients(builds);
  }

  public Program crane() {
    return program(Client.CRANE);
  }

  public Program oras() {
    return program(Client.ORAS);
  }

  public Program cosign() {
    return program(Client.COSIGN);
  }

  public Program notation() {
    return program(Client.NOTATION);
  }

  public Program regctl() {
    return program(Client.REGCTL);
  }

  public Program helm() {
    return program(Client.HELM);
  }

  /// As Debian packages it: it is C where it counts, and not built here.
  public Program skopeo() {
    return installed("skopeo").with("REGISTRY_AUTH_FILE", home().resolve("auth.json").toString());
  }

  /// As whoever writes a script uses it.
  public Program curl() {
    return installed("curl");
  }

  /// The command line of a Docker engine.
  public Program docker() {
    var engine = System.getenv("DOCKER_HOST");
    var docker = installed("docker");
    return engine == null ? docker : docker.with("DOCKER_HOST", engine);
  }

  /// Their home and, unless a program is told otherwise, their working directory.
  public Path home() {
    return home.path();
  }

  private Program program(Client client) {
    return Program.isolated(builds.executable(client.tool()), home());
  }

  private Program installed(String name) {
    var executable =
        Executables.onPath(name)
            .orElseThrow(
                () -> new ToolException(ToolReason.UNAVAILABLE, name + " is not installed"));
    return Program.isolated(executable, home());
  }

  @Override
  public void close() {
    home.close();
  }
}
