package dev.referee.verify.trust;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.testing.SigningKey;
import java.util.Base64;

/// Keys are written by whoever may write signers; their DER is parsed by a library.
class PublicKeyFuzz {
  @FuzzTest(maxDuration = "2m")
  void pem(FuzzedDataProvider data) {
    read(data.consumeRemainingAsString());
  }

  @FuzzTest(maxDuration = "2m")
  void der(byte[] content) {
    read(
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)));
  }

  private static void read(String pem) {
    try {
      TrustedKey.parse(pem, null);
    } catch (UnusableKeyException e) {
      // What it is for: a refusal in words.
      if (e.getMessage() == null) {
        throw new AssertionError("a refusal without a sentence", e);
      }
    }
  }

  /// Whatever bytes are a signature, they are no signature of a message that nobody signed.
  @FuzzTest(maxDuration = "2m")
  void signature(byte[] signature) throws UnusableKeyException {
    var key = TrustedKey.parse(SigningKey.p256().publicKeyPem(), null);
    if (key.verifies(signature, signature)) {
      throw new AssertionError("a message that nobody signed was proven");
    }
  }
}
