package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// One secret by which tokens of our own are signed and verified (HS256, RFC 7518 section 3.2).
///
/// Nothing of a token's header is ever read: it is, as a whole, the one that this key writes, or
/// the token is not this key's. So no token can choose an algorithm, bring a key along or ask for
/// an extension (CVE-2025-24976).
final class TokenKey {
  /// RFC 7518 section 3.2: no less than the hash.
  static final int MIN_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int ID_BYTES = 8;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  // Never used itself: each use begins with a copy.
  private final Mac mac;
  private final String id;
  private final String header;

  private TokenKey(Mac mac) {
    this.mac = mac;
    // Tells keys apart, and nothing of them: it is what they make of a text that no token has.
    this.id = BASE64.encodeToString(Arrays.copyOf(hash("key id".getBytes(UTF_8)), ID_BYTES));
    var json = "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}".formatted(id);
    this.header = BASE64.encodeToString(json.getBytes(UTF_8)) + ".";
  }

  /// @throws IllegalArgumentException with a sentence, for fewer bytes than [#MIN_BYTES]
  static TokenKey of(byte[] secret) {
    if (secret.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "has %d bytes, and %d are the least".formatted(secret.length, MIN_BYTES));
    }
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return new TokenKey(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has HmacSHA256", e);
    }
  }

  /// Its name in tokens.
  String id() {
    return id;
  }

  /// Whether a token says that it is of this key.
  boolean isOf(String token) {
    return token.startsWith(header);
  }

  String sign(String claims) {
    var signed = header + BASE64.encodeToString(claims.getBytes(UTF_8));
    return signed + "." + BASE64.encodeToString(hash(signed.getBytes(US_ASCII)));
  }

  /// Proves that a token was signed by this key.
  ///
  /// @throws TokenException with `MALFORMED` or `SIGNATURE_INVALID`
  void check(String token) throws TokenException {
    int dot = token.lastIndexOf('.');
    if (dot < header.length()) {
      throw new TokenException(TokenException.Reason.MALFORMED, "it has not three parts");
    }
    var bytes = token.getBytes(US_ASCII);
    // Compared as it is written, so that one token has one form.
    var expected = BASE64.encode(hash(bytes, dot));
    if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, dot + 1, bytes.length))) {
      throw new TokenException(
          TokenException.Reason.SIGNATURE_INVALID, "its signature is not its key's");
    }
  }

  /// The claims of a token that was proven.
  byte[] claims(String token) {
    return Base64.getUrlDecoder().decode(token.substring(header.length(), token.lastIndexOf('.')));
  }

  private byte[] hash(byte[] content) {
    return hash(content, content.length);
  }

  private byte[] hash(byte[] content, int length) {
    try {
      var copy = (Mac) mac.clone();
      copy.update(content, 0, length);
      return copy.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's HmacSHA256 can be copied", e);
    }
  }

  /// Never printed with its secret.
  @Override
  public String toString() {
    return "TokenKey[" + id + "]";
  }
}
