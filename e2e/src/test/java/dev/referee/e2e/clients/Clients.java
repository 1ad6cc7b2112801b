package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import dev.referee.e2e.tools.GoBuilds;
import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.TemporaryFolder;
import java.nio.file.Path;

/// The real clients, each built when it is first asked for. They share a home folder, as one user's
/// clients do, and see nothing of the environment and the home of whoever runs the tests. A method
/// throws [dev.referee.e2e.tools.ToolException] where its client cannot be built.
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

  /// Their home and, unless a program is told otherwise, their working directory.
  public Path home() {
    return home.path();
  }

  private Program program(Client client) {
    return Program.isolated(builds.executable(client.tool()), home());
  }

  @Override
  public void close() {
    home.close();
  }
}
