package dev.referee.verify.trust;

import java.io.IOException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Reads exactly one PEM block that holds a SubjectPublicKeyInfo (RFC 7468 section 13).
final class PemPublicKey {
  private static final int MAX_CHARS = 16 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----");

  private PemPublicKey() {}

  static SubjectPublicKeyInfo read(String pem) throws UnusableKeyException {
    if (pem.length() > MAX_CHARS) {
      throw new UnusableKeyException("the key has more than %d characters".formatted(MAX_CHARS));
    }
    var text = pem.strip();
    if (text.contains("PRIVATE KEY-----")) {
      throw new UnusableKeyException(
          "this is a private key; replace it with the public key and make a new pair");
    }
    if (text.contains("-----BEGIN CERTIFICATE-----")) {
      throw new UnusableKeyException("this is a certificate, not a public key");
    }
    var block = BLOCK.matcher(text);
    if (!block.matches()) {
      throw new UnusableKeyException(
          "the key is not one PEM block that begins with -----BEGIN PUBLIC KEY-----");
    }
    try {
      var der = Base64.getDecoder().decode(block.group(1).replaceAll("\\s", ""));
      var info = SubjectPublicKeyInfo.getInstance(der);
      if (info == null || info.getEncoded("DER").length != der.length) {
        throw new UnusableKeyException("the key has bytes after its end");
      }
      return info;
    } catch (IllegalArgumentException | IOException e) {
      throw new UnusableKeyException("the key is not a DER SubjectPublicKeyInfo in base64");
    }
  }
}
