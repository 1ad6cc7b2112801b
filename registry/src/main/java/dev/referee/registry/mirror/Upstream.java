package dev.referee.registry.mirror;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.registry.content.RepositoryName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the repositories below a name have to do with others. An administrator says so, and nobody
/// who pulls or pushes can name another place.
sealed interface Upstream {
  /// The name below which the repositories are: `hub` for `hub` and `hub/library/nginx`.
  RepositoryName prefix();

  /// Whether a repository is below the name.
  default boolean covers(RepositoryName repository) {
    var name = prefix().value();
    return repository.value().equals(name) || repository.value().startsWith(name + "/");
  }

  /// Keeps what refers to images that are not here.
  record Overlay(RepositoryName prefix) implements Upstream {
    public Overlay {
      requireNonNull(prefix, "prefix is null");
    }
  }

  /// Brings what is asked for and not here.
  ///
  /// @param registry where from, `host` or `host:port`
  /// @param path what the repositories there begin with; empty for nothing
  /// @param credentials a file as Docker's `config.json`; null for nobody in particular
  /// @param authorities a file of certificates to trust beside the system's
  /// @param plainHttp whether the registry is spoken to without TLS
  /// @param fresh a tag and a list of referrers are looked at again after so long
  /// @param maxBlobBytes larger blobs are not brought
  record Mirror(
      RepositoryName prefix,
      String registry,
      String path,
      @Nullable Path credentials,
      @Nullable Path authorities,
      boolean plainHttp,
      Duration fresh,
      long maxBlobBytes)
      implements Upstream {
    public Mirror {
      requireNonNull(prefix, "prefix is null");
      requireNonNull(registry, "registry is null");
      requireNonNull(path, "path is null");
      requireNonNull(fresh, "fresh is null");
    }

    /// What a repository is called there; nothing where it could have no name.
    Optional<Repository> there(RepositoryName here) {
      var rest = here.value().substring(prefix.value().length());
      var name = path.isEmpty() ? rest.replaceFirst("^/", "") : path + rest;
      try {
        return Optional.of(new Repository(registry, name));
      } catch (MalformedContentException e) {
        return Optional.empty();
      }
    }
  }
}
