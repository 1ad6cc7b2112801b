package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.referee.verify.signature.UnprovenException;
import java.util.Base64;
import java.util.regex.Pattern;

/// The one PEM block by which an entry of a Rekor log names a signer (RFC 7468).
///
/// @param label what it is: `CERTIFICATE`, `PUBLIC KEY`
/// @param der its content
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record LoggedPem(String label, byte[] der) {
  private static final int MAX_BYTES = 64 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  static LoggedPem read(byte[] pem) throws UnprovenException {
    if (pem.length <= MAX_BYTES) {
      var match = BLOCK.matcher(new String(pem, ISO_8859_1).strip());
      if (match.matches()) {
        try {
          return new LoggedPem(
              match.group(1), Base64.getDecoder().decode(match.group(2).replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
          // Refused below.
        }
      }
    }
    throw new UnprovenException(
        MALFORMED_EVIDENCE, "the log entry's signer is not one block of PEM");
  }
}
