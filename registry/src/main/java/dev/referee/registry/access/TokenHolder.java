package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// Whose a token of our own is, as far as it goes into the token.
///
/// @param name the caller's
/// @param password the mark of the password that it was given for ([Htpasswd#mark]), so that it
///   ends with that password; null for callers without one
/// @param certificate the thumbprint of the certificate that it was given for, over whose
///   connections alone it counts (RFC 8705 section 3.1); null for callers without one
record TokenHolder(String name, @Nullable String password, @Nullable String certificate) {
  TokenHolder {
    requireNonNull(name, "name is null");
  }
}
