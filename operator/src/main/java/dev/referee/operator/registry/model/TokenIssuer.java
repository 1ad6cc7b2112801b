package dev.referee.operator.registry.model;

import static java.util.Objects.requireNonNull;

/// Who issues the tokens of service accounts in this cluster, as its API server says (OpenID
/// Connect Discovery 1.0).
///
/// @param issuer what tokens have as `iss`
/// @param keys the public keys that sign them, a JSON Web Key Set (RFC 7517) as it was served
public record TokenIssuer(String issuer, String keys) {
  public TokenIssuer {
    requireNonNull(issuer, "issuer is null");
    requireNonNull(keys, "keys is null");
  }
}
