package dev.referee.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/// Makes DSSE envelopes (secure-systems-lab/dsse, protocol.md).
public final class Dsse {
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  private Dsse() {}

  /// What is signed: the pre-authentication encoding.
  public static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
    var encoding = new ByteArrayOutputStream();
    encoding.writeBytes(
        "DSSEv1 %d %s %d "
            .formatted(payloadType.getBytes(UTF_8).length, payloadType, payload.length)
            .getBytes(UTF_8));
    encoding.writeBytes(payload);
    return encoding.toByteArray();
  }

  /// An envelope with one signature per key.
  public static ObjectNode envelope(String payloadType, byte[] payload, SigningKey... keys) {
    var envelope = Json.object();
    envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    envelope.put("payloadType", payloadType);
    var signatures = envelope.putArray("signatures");
    for (var key : keys) {
      var signature = key.sign(preAuthenticationEncoding(payloadType, payload));
      signatures.addObject().put("sig", Base64.getEncoder().encodeToString(signature));
    }
    return envelope;
  }
}
