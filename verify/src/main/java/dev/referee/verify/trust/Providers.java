package dev.referee.verify.trust;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/// The cryptography providers, as instances that are handed to whoever needs one. Registering
/// Bouncy Castle for the whole JVM would change what every other library gets.
public final class Providers {
  /// Elliptic curves and Ed25519: three to six times as fast as the JDK's own. RSA and hashes are
  /// the JDK's, which uses the CPU's instructions for them.
  public static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  private Providers() {}
}
