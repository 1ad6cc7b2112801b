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

  /// Reads the fields of an envelope.
  ///
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`
  public static DsseEnvelope read(JsonFields fields) throws UnprovenException {
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

  /// How many signatures it has, at least one.
  public int signatureCount() {
    return signatures.size();
  }

  /// Whether one of the signatures is this key's.
  boolean isSignedBy(TrustedKey key) {
    var signed = preAuthenticationEncoding();
    return signatures.stream().anyMatch(signature -> key.verifies(signed, signature));
  }

  /// The first signature; for those who have made sure that it is the only one.
  public byte[] signature() {
    return signatures.getFirst();
  }

  /// What kind of thing the payload is, as it was signed.
  public String payloadType() {
    return payloadType;
  }

  /// The payload as it was signed; callers do not change it.
  public byte[] payload() {
    return payload;
  }

  /// What the signatures are over (protocol.md, "PAE"): both lengths are in bytes.
  public byte[] preAuthenticationEncoding() {
    var type = payloadType.getBytes(UTF_8);
    var head =
        "DSSEv1 %d %s %d ".formatted(type.length, payloadType, payload.length).getBytes(UTF_8);
    var encoding = new byte[head.length + payload.length];
    System.arraycopy(head, 0, encoding, 0, head.length);
    System.arraycopy(payload, 0, encoding, head.length, payload.length);
    return encoding;
  }
}
