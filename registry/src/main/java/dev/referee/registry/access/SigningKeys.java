package dev.referee.registry.access;

import java.io.IOException;
import java.util.Optional;

/// Where the keys of an issuer are found.
@FunctionalInterface
interface SigningKeys {
  /// The key of this id.
  ///
  /// @throws IOException while no keys can be had at all
  Optional<JsonWebKeys.Key> find(String id) throws IOException;
}
