package dev.referee.registry.access;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/// The algorithms by which tokens are signed (RFC 7518 section 3.1). A key belongs to exactly one.
enum TokenAlgorithm {
  RS256("SHA256withRSA"),
  ES256("SHA256withECDSAinP1363Format");

  private static final int ES256_SIGNATURE_BYTES = 64;

  private final String name;

  TokenAlgorithm(String name) {
    this.name = name;
  }

  boolean verifies(PublicKey key, byte[] content, byte[] signature) {
    if (this == ES256 && signature.length != ES256_SIGNATURE_BYTES) {
      return false;
    }
    try {
      var verifier = Signature.getInstance(name);
      verifier.initVerify(key);
      verifier.update(content);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // What cannot be a signature is none.
      return false;
    }
  }
}
