package dev.referee.verify.evidence;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.NotaryEnvelope;

/// The one layer of a signature of the Notary Project (signature-specification.md, "Storage").
final class NotaryLayer {
  private static final String FORM = "notation signature";

  private NotaryLayer() {}

  /// Reads it.
  ///
  /// @param subject what it is found at
  /// @throws UnreadableException also when what it is found at cannot be read
  static SignedLayers.Layer read(
      EvidenceReader reader, ImageManifest manifest, Digest subject, Deadline deadline)
      throws UnreadableException {
    if (manifest.layers().size() != 1
        || !EvidenceTypes.isNotaryEnvelope(manifest.layers().getFirst())) {
      return new SignedLayers.Layer.Unusable(
          FORM, Reason.MALFORMED_EVIDENCE, "it has not one layer with an envelope");
    }
    var layer = manifest.layers().getFirst();
    // By its own bytes: what the signature says its subject is proves nothing.
    var artifact = reader.artifact(subject, deadline);
    try {
      return new SignedLayers.Layer.Parsed(
          FORM,
          new NotaryEnvelope(
              reader.content(layer, Limits.SIGNATURE_BYTES, deadline),
              layer.mediaType(),
              artifact,
              reader.revocation(deadline)));
    } catch (UnreadableException e) {
      return new SignedLayers.Layer.Unusable(FORM, e.reason(), e.sentence());
    }
  }
}
