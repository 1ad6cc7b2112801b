package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.util.Set;

/// A Sigstore bundle: a signature together with what is needed to check it
/// (sigstore/protobuf-specs, `sigstore_bundle.proto`, in its JSON form).
public final class SigstoreBundle {
  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.dev.sigstore.bundle+json;version=0.1",
          "application/vnd.dev.sigstore.bundle+json;version=0.2",
          "application/vnd.dev.sigstore.bundle.v0.3+json",
          "application/vnd.dev.sigstore.bundle+json;version=0.3");

  private SigstoreBundle() {}

  /// Reads what is signed out of a bundle.
  ///
  /// @param content the bytes of the bundle
  /// @param maxBytes more than this is refused unread
  public static SignedContent parse(byte[] content, int maxBytes) throws UnprovenException {
    try {
      var fields = StrictJson.readObject(content, maxBytes);
      var mediaType = fields.text("mediaType");
      if (!MEDIA_TYPES.contains(mediaType)) {
        throw new UnprovenException(
            UNSUPPORTED_EVIDENCE,
            "a bundle of type %s is not read"
                .formatted(mediaType.substring(0, Math.min(mediaType.length(), 100))));
      }
      BundleMembers.check(fields);
      if (fields.has("dsseEnvelope") == fields.has("messageSignature")) {
        throw new UnprovenException(
            MALFORMED_EVIDENCE, "the bundle has not one of an envelope and a message signature");
      }
      var material = material(fields.object("verificationMaterial"));
      if (fields.has("messageSignature")) {
        var signature = fields.object("messageSignature").text("signature");
        return new SignedBytes(StrictBase64.decode(signature, "signature"), material, content);
      }
      var envelope = DsseEnvelope.read(fields.object("dsseEnvelope"));
      // The bundle's material speaks of one signature, so there must not be a choice.
      if (envelope.signatureCount() != 1) {
        throw new UnprovenException(
            MALFORMED_EVIDENCE,
            "the bundle's envelope has %d signatures, not 1".formatted(envelope.signatureCount()));
      }
      return new SignedEnvelope(envelope, material, new SignedEnvelope.Carrier.Bundle(content));
    } catch (MalformedContentException e) {
      throw new UnprovenException(MALFORMED_EVIDENCE, "the bundle is malformed: " + e.getMessage());
    }
  }

  private static SigningMaterial material(JsonFields material) throws UnprovenException {
    boolean key = material.has("publicKey");
    boolean certificate = material.has("certificate") || material.has("x509CertificateChain");
    if (key == certificate) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the bundle's material is not one of key and certificate");
    }
    if (certificate) {
      return new SigningMaterial.Certificate();
    }
    var hint = material.object("publicKey").optionalText("hint");
    return new SigningMaterial.Key(hint == null ? "" : hint);
  }
}
