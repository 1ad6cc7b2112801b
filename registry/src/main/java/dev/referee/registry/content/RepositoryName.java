package dev.referee.registry.content;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;

/// The name of a repository inside this registry: `shop/cart` (distribution-spec v1.1.1, "Pulling
/// manifests").
///
/// @param value lower-case components joined by `/`
public record RepositoryName(String value) {
  /// Stands for this registry's own name, which clients choose and names do not depend on.
  private static final String HERE = "localhost";

  public RepositoryName {
    // The grammar is the one that images are named by.
    var _ = new Repository(HERE, value);
  }

  /// Reads a name.
  ///
  /// @throws RegistryException with `NAME_INVALID`
  public static RepositoryName parse(String text) throws RegistryException {
    try {
      return new RepositoryName(text);
    } catch (MalformedContentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()));
    }
  }

  /// The name as one segment of a key. No name has a tilde, so no two names share a segment, and
  /// `a` is never the beginning of `a/b`'s keys.
  String segment() {
    return value.replace('/', '~');
  }

  /// The name behind a segment.
  static RepositoryName ofSegment(String segment) {
    return new RepositoryName(segment.replace('~', '/'));
  }

  @Override
  public String toString() {
    return value;
  }
}
