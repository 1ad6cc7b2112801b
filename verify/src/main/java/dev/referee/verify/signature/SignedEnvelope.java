package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;

/// A DSSE envelope, what it was signed with, and what it came in: parsed, not proven.
///
/// @param envelope the envelope
/// @param material what signed it, as claimed
/// @param carrier what it came in
public record SignedEnvelope(DsseEnvelope envelope, SigningMaterial material, Carrier carrier)
    implements SignedContent {
  public SignedEnvelope {
    requireNonNull(envelope, "envelope is null");
    requireNonNull(material, "material is null");
    requireNonNull(carrier, "carrier is null");
  }

  /// What envelopes come in. Whatever proves time and certificate is in there.
  public sealed interface Carrier {
    /// A Sigstore bundle.
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
    record Bundle(byte[] content) implements Carrier {}

    /// A layer of cosign's `.att` tags.
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
    record Layer(byte[] content, CosignAnnotations annotations) implements Carrier {}
  }

  /// Reads the content of a layer of cosign's `.att` tags, which is a bare envelope. Its
  /// certificate, if any, stands in the layer's annotations.
  public static SignedEnvelope ofLayer(byte[] content, int maxBytes, CosignAnnotations annotations)
      throws UnprovenException {
    try {
      return new SignedEnvelope(
          DsseEnvelope.read(StrictJson.readObject(content, maxBytes)),
          annotations.material(),
          new Carrier.Layer(content, annotations));
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the envelope is malformed: " + e.getMessage());
    }
  }
}
