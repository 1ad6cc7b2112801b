package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Repository;

/// What a token is asked for (distribution, "Token Scope Documentation"). It is computed here: some
/// registries put a literal example into their challenges.
///
/// @param repository the repository
/// @param actions `pull` or `pull,push`
record Scope(Repository repository, String actions) {
  Scope {
    requireNonNull(repository, "repository is null");
    requireNonNull(actions, "actions is null");
  }

  static Scope pull(Repository repository) {
    return new Scope(repository, "pull");
  }

  static Scope push(Repository repository) {
    return new Scope(repository, "pull,push");
  }

  @Override
  public String toString() {
    return "repository:%s:%s".formatted(repository.path(), actions);
  }
}
