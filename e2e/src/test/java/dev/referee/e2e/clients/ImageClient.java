package dev.referee.e2e.clients;

import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.nio.file.Path;
import java.util.List;

/// How one client does what all of them do. Nothing insists on success.
interface ImageClient {
  /// Keeps a user's password for a registry.
  Output login(Program client, String registry, String user, String password);

  /// Whether its login asks the registry, and does not only keep the password.
  default boolean looksAtLogin() {
    return true;
  }

  Output logout(Program client, String registry);

  /// Pushes the image of a layout.
  Output push(Program client, Path layout, String reference);

  /// Pulls an image into a new layout.
  Output pull(Program client, String reference, Path layout);

  /// Lists the tags of a repository.
  Output tags(Program client, String repository);

  /// The tags that it listed.
  default List<String> listed(Output output) {
    return output.orFail().text().lines().toList();
  }
}
