package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Repository;

/// What a token is asked for (distribution, "Token Scope Documentation"). It is computed here: some
/// registries put a literal example into their challenges.
///
/// @param repository whose credentials it is asked for with
/// @param text `repository:NAME:pull`, `repository:NAME:pull,push` or `registry:catalog:*`
record Scope(Repository repository, String text) {
  Scope {
    requireNonNull(repository, "repository is null");
    requireNonNull(text, "text is null");
  }

  static Scope pull(Repository repository) {
    return of(repository, "pull");
  }

  static Scope push(Repository repository) {
    return of(repository, "pull,push");
  }

  private static Scope of(Repository repository, String actions) {
    return new Scope(repository, "repository:%s:%s".formatted(repository.path(), actions));
  }

  /// The list of a registry's repositories.
  ///
  /// @param catalog a name in the registry, which credentials for all of it have
  static Scope list(Repository catalog) {
    return new Scope(catalog, "registry:catalog:*");
  }

  @Override
  public String toString() {
    return text;
  }
}
