package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.verify.trust.TrustedKey;
import java.util.ArrayList;
import java.util.List;

/// A DSSE envelope: a payload, its type, and signatures over both (secure-systems-lab/dsse,
/// protocol.md and envelope.md).
public final class DsseEnvelope {
  /// More would only cost time: cosign writes one, its merged attestations a few.
  private static final int MAX_SIGNATURES = 16;

  private final String payloadType;
  private final byte[] payload;
  private final List<byte[]> signatures;

  private DsseEnvelope(String payloadType, byte[] payload, List<byte[]> signatures) {
    this.payloadType = payloadType;
    this.payload = payload;
    this.signatures = signatures;
  }

  static DsseEnvelope read(JsonFields fields) throws UnprovenException {
    try {
      var signatures = new ArrayList<byte[]>();
      var listed = fields.objects("signatures");
      if (listed.isEmpty() || listed.size() > MAX_SIGNATURES) {
        throw new UnprovenException(
            MALFORMED_EVIDENCE,
            "the envelope has %d signatures, not 1 to %d".formatted(listed.size(), MAX_SIGNATURES));
      }
      for (var signature : listed) {
        // `keyid` is unauthenticated and not looked at.
        signatures.add(StrictBase64.decode(signature.text("sig"), "sig"));
      }
      return new DsseEnvelope(
          fields.text("payloadType"),
          StrictBase64.decode(fields.text("payload"), "payload"),
          List.copyOf(signatures));
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the envelope is malformed: " + e.getMessage());
    }
  }

  int signatureCount() {
    return signatures.size();
  }

  /// Whether one of the signatures is this key's.
  boolean isSignedBy(TrustedKey key) {
    var signed = preAuthenticationEncoding();
    return signatures.stream().anyMatch(signature -> key.verifies(signed, signature));
  }

  String payloadType() {
    return payloadType;
  }

  /// The payload as it was signed; callers do not change it.
  byte[] payload() {
    return payload;
  }

  /// What the signatures are over (protocol.md, "PAE"): both lengths are in bytes.
  private byte[] preAuthenticationEncoding() {
    var type = payloadType.getBytes(UTF_8);
    var head =
        "DSSEv1 %d %s %d ".formatted(type.length, payloadType, payload.length).getBytes(UTF_8);
    var encoding = new byte[head.length + payload.length];
    System.arraycopy(head, 0, encoding, 0, head.length);
    System.arraycopy(payload, 0, encoding, head.length, payload.length);
    return encoding;
  }
}
