package dev.referee.testing.tls;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/// The keys that the tests make.
public enum KeyKind {
  /// P-256: made in a millisecond.
  EC(256),
  /// For clients: every client library reads an RSA key in PKCS #8 without being told what it is.
  RSA(2048);

  private final int bits;

  KeyKind(int bits) {
    this.bits = bits;
  }

  public KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance(name());
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name(), e);
    }
  }
}
