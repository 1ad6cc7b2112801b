package dev.referee.verify.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.referee.testing.sigstore.SeededKey;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/// The check of one signature and nothing around it.
///
/// @param known the key, ready for use; null, it is read each time
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record BareCheck(@Nullable TrustedKey known, byte[] key, byte[] message, byte[] signature) {
  private static final byte[] MESSAGE = "x".repeat(600).getBytes(US_ASCII);

  static final BareCheck NONE = new BareCheck(null, MESSAGE, MESSAGE, MESSAGE);

  static BareCheck fresh(SeededKey key) {
    return new BareCheck(null, key.encoded(), MESSAGE, key.sign(MESSAGE));
  }

  static BareCheck known(SeededKey key) {
    try {
      return new BareCheck(read(key.encoded()), key.encoded(), MESSAGE, key.sign(MESSAGE));
    } catch (UnusableKeyException e) {
      throw new IllegalStateException("a key of ours is usable", e);
    }
  }

  boolean run() throws UnusableKeyException {
    var reader = known == null ? read(key) : known;
    if (!reader.verifies(message, signature)) {
      throw new IllegalStateException("a signature of ours is right");
    }
    return true;
  }

  private static TrustedKey read(byte[] key) throws UnusableKeyException {
    return TrustedKey.of(SubjectPublicKeyInfo.getInstance(key), null);
  }
}
