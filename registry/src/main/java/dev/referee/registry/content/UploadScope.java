package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

/// Whose an upload is.
///
/// @param repository where it goes
/// @param caller the name of whoever began it
public record UploadScope(RepositoryName repository, String caller) {
  public UploadScope {
    requireNonNull(repository, "repository is null");
    requireNonNull(caller, "caller is null");
  }
}
