package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.referee.verify.signature.UnprovenException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/// The one PEM block by which an entry of a Rekor log names a signer (RFC 7468).
///
/// @param label what it is: `CERTIFICATE`, `PUBLIC KEY`
/// @param der its content
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record LoggedPem(String label, byte[] der) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final Pattern LABEL = Pattern.compile("[A-Z ]{1,40}");
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "END ";
  private static final String DASHES = "-----";

  static LoggedPem read(byte[] pem) throws UnprovenException {
    var block = pem.length > MAX_BYTES ? "" : new String(pem, ISO_8859_1).strip();
    int labelEnd = block.startsWith(BEGIN) ? block.indexOf(DASHES, BEGIN.length()) : -1;
    if (labelEnd > 0) {
      var label = block.substring(BEGIN.length(), labelEnd);
      int from = labelEnd + DASHES.length();
      int to = block.length() - (DASHES + END).length() - label.length() - DASHES.length();
      if (LABEL.matcher(label).matches()
          && to >= from
          && block.endsWith(DASHES + END + label + DASHES)) {
        try {
          return new LoggedPem(label, decode(block, from, to));
        } catch (IllegalArgumentException e) {
          // Refused below.
        }
      }
    }
    throw new UnprovenException(
        MALFORMED_EVIDENCE, "the log entry's signer is not one block of PEM");
  }

  /// @throws IllegalArgumentException when it is not base64 with white space
  private static byte[] decode(String block, int from, int to) {
    var base64 = new byte[to - from];
    int length = 0;
    for (int at = from; at < to; at++) {
      char c = block.charAt(at);
      if (" \t\n\u000b\f\r".indexOf(c) < 0) {
        base64[length++] = (byte) c;
      }
    }
    return Base64.getDecoder().decode(Arrays.copyOf(base64, length));
  }
}
