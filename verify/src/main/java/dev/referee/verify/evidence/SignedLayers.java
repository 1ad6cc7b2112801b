package dev.referee.verify.evidence;

import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.ImageManifest;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.CosignAnnotations;
import dev.referee.verify.signature.SignedContent;
import dev.referee.verify.signature.SignedEnvelope;
import dev.referee.verify.signature.SigstoreBundle;
import dev.referee.verify.signature.SimpleSigning;
import dev.referee.verify.signature.UnprovenException;
import java.util.ArrayList;
import java.util.List;

/// The signed contents of a manifest: a bundle's one layer, or the many layers of cosign's tags.
final class SignedLayers {
  /// One signed layer: what form it has, and its content or why it cannot be had.
  sealed interface Layer {
    String form();

    record Parsed(String form, SignedContent content) implements Layer {}

    record Unusable(String form, Reason reason, String message) implements Layer {}
  }

  private SignedLayers() {}

  /// Reads every signed layer of a manifest.
  ///
  /// @param maxBytes the most that one is read of
  /// @throws UnreadableException when there are too many to look at
  static List<Layer> read(
      EvidenceReader reader, ImageManifest manifest, int maxBytes, Deadline deadline)
      throws UnreadableException {
    var signed = manifest.layers().stream().filter(SignedLayers::isSigned).toList();
    if (signed.size() > Limits.LAYERS) {
      throw new UnreadableException(
          Reason.TOO_MUCH_EVIDENCE,
          "it has %d signed layers, %d are looked at".formatted(signed.size(), Limits.LAYERS));
    }
    if (signed.stream().anyMatch(EvidenceTypes::isBundle) && signed.size() > 1) {
      throw new UnreadableException(
          Reason.MALFORMED_EVIDENCE, "it has a bundle and other signed layers");
    }
    var layers = new ArrayList<Layer>();
    for (var layer : signed) {
      layers.add(read(reader, manifest, layer, maxBytes, deadline));
    }
    return layers;
  }

  /// Reads every layer that can carry a statement.
  static List<Layer> readEnvelopes(
      EvidenceReader reader, ImageManifest manifest, int maxBytes, Deadline deadline)
      throws UnreadableException {
    return manifest.layers().stream().anyMatch(EvidenceTypes::isSimpleSigning)
        ? List.of()
        : read(reader, manifest, maxBytes, deadline);
  }

  private static boolean isSigned(Descriptor layer) {
    return EvidenceTypes.isBundle(layer)
        || EvidenceTypes.isSimpleSigning(layer)
        || EvidenceTypes.isEnvelope(layer);
  }

  private static Layer read(
      EvidenceReader reader,
      ImageManifest manifest,
      Descriptor layer,
      int maxBytes,
      Deadline deadline) {
    var form = form(manifest, layer);
    try {
      var content = reader.content(layer, maxBytes, deadline);
      if (EvidenceTypes.isBundle(layer)) {
        return new Layer.Parsed(form, SigstoreBundle.parse(content, maxBytes));
      }
      if (EvidenceTypes.isSimpleSigning(layer)) {
        return new Layer.Parsed(form, SimpleSigning.ofLayer(layer, content));
      }
      return new Layer.Parsed(
          form, SignedEnvelope.ofLayer(content, maxBytes, CosignAnnotations.of(layer)));
    } catch (UnreadableException e) {
      return new Layer.Unusable(form, e.reason(), e.sentence());
    } catch (UnprovenException e) {
      return new Layer.Unusable(form, e.reason(), e.sentence());
    }
  }

  private static String form(ImageManifest manifest, Descriptor layer) {
    if (EvidenceTypes.isBundle(layer)) {
      return "cosign bundle";
    }
    if (EvidenceTypes.isEnvelope(layer)) {
      return "cosign attestation";
    }
    return manifest.subject() == null ? "cosign signature" : "cosign signature (OCI 1.1)";
  }
}
