package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;

/// A DSSE envelope and what it was signed with: parsed, not proven.
///
/// @param envelope the envelope
/// @param material what signed it, as claimed
public record SignedEnvelope(DsseEnvelope envelope, SigningMaterial material)
    implements SignedContent {
  public SignedEnvelope {
    requireNonNull(envelope, "envelope is null");
    requireNonNull(material, "material is null");
  }

  /// Reads the content of a layer that is a Sigstore bundle.
  public static SignedEnvelope ofBundle(byte[] content, int maxBytes) throws UnprovenException {
    return SigstoreBundle.parse(content, maxBytes);
  }

  /// Reads the content of a layer of cosign's `.att` tags, which is a bare envelope. Its
  /// certificate, if any, stands in the layer's annotations.
  public static SignedEnvelope ofLayer(byte[] content, int maxBytes, SigningMaterial material)
      throws UnprovenException {
    try {
      return new SignedEnvelope(
          DsseEnvelope.read(StrictJson.readObject(content, maxBytes)), material);
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the envelope is malformed: " + e.getMessage());
    }
  }
}
