package dev.referee.verify.signature;

import dev.referee.verify.decision.Reason;
import java.util.Base64;

/// Base64 in the two alphabets that DSSE allows (protocol.md, "JSON envelope"), padded and
/// canonical: no line breaks, no missing padding, no stray bits, so that one value has one spelling
/// per alphabet.
public final class StrictBase64 {
  private StrictBase64() {}

  /// Decodes.
  ///
  /// @param field what the refusal calls the text
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`
  public static byte[] decode(String text, String field) throws UnprovenException {
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    try {
      var bytes = (urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
      var canonical =
          (urlSafe ? Base64.getUrlEncoder() : Base64.getEncoder()).encodeToString(bytes);
      if (canonical.equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, with the field's name.
    }
    throw new UnprovenException(
        Reason.MALFORMED_EVIDENCE, field + " is not base64 in its canonical form");
  }
}
