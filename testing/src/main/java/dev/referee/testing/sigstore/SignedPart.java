package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.testing.Dsse;
import java.util.Base64;

/// What is signed, and how a bundle carries it.
sealed interface SignedPart {
  String IN_TOTO = Dsse.IN_TOTO;

  /// What the signature is over.
  byte[] signed();

  /// Puts the signature into a bundle.
  void into(ObjectNode bundle, byte[] signature);

  /// An artifact, which the bundle does not carry.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  record Message(byte[] artifact) implements SignedPart {
    @Override
    public byte[] signed() {
      return artifact;
    }

    @Override
    public void into(ObjectNode bundle, byte[] signature) {
      var message = bundle.putObject("messageSignature");
      message
          .putObject("messageDigest")
          .put("algorithm", "SHA2_256")
          .put("digest", base64(DigestAlgorithm.SHA256.newHasher().digest(artifact)));
      message.put("signature", base64(signature));
    }
  }

  /// An envelope.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  record Envelope(String payloadType, byte[] payload) implements SignedPart {
    @Override
    public byte[] signed() {
      return Dsse.preAuthenticationEncoding(payloadType, payload);
    }

    @Override
    public void into(ObjectNode bundle, byte[] signature) {
      bundle.set("dsseEnvelope", json(signature));
    }

    byte[] bytes(byte[] signature) {
      return json(signature).toString().getBytes(UTF_8);
    }

    private ObjectNode json(byte[] signature) {
      var envelope = JsonNodeFactory.instance.objectNode();
      envelope.put("payload", base64(payload));
      envelope.put("payloadType", payloadType);
      envelope.putArray("signatures").addObject().put("sig", base64(signature));
      return envelope;
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
