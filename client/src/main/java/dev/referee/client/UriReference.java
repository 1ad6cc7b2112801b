package dev.referee.client;

import java.net.URI;

/// Resolves what servers write into `Location`, `Link` and `realm` (RFC 3986 section 5).
final class UriReference {
  private UriReference() {}

  /// @throws IllegalArgumentException when the reference is none
  static URI resolve(URI base, String reference) {
    // The JDK follows the older RFC 2396, which loses the last segment of the path here.
    return reference.startsWith("?")
        ? base.resolve(base.getRawPath() + reference)
        : base.resolve(reference);
  }
}
