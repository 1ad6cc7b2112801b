package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

/// A bundled registry that collects, and in which what runs is to stay.
///
/// @param endpoint host and port by which images name it, and the audience of tokens for it
/// @param address host and port at which it is asked
/// @param caBundle PEM certificates to trust and no others; empty, those that Java trusts
public record PinnedRegistry(String endpoint, String address, String caBundle) {
  public PinnedRegistry {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(address, "address is null");
    requireNonNull(caBundle, "caBundle is null");
  }
}
