package dev.referee.verify.pki;

import dev.referee.verify.trust.Providers;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Key pairs for tests.
public final class Keys {
  private Keys() {}

  public static KeyPair p256() {
    return ec("secp256r1");
  }

  public static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC", Providers.BOUNCY_CASTLE);
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + curve, e);
    }
  }

  public static KeyPair rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  /// Signs as authorities do.
  static ContentSigner signer(KeyPair pair) {
    return signer(
        pair, pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
  }

  static ContentSigner signer(KeyPair pair, String algorithm) {
    try {
      return new JcaContentSignerBuilder(algorithm)
          .setProvider(Providers.BOUNCY_CASTLE)
          .build(pair.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
