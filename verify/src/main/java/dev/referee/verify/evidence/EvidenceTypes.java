package dev.referee.verify.evidence;

import dev.referee.oci.Descriptor;
import dev.referee.oci.ImageManifest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The media and artifact types by which evidence is told apart, and what a claimed type is worth
/// in the order of a search.
final class EvidenceTypes {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
  private static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  private static final String ENVELOPE = "application/vnd.dsse.envelope.v1+json";
  private static final String COSIGN_SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";

  private static final String NOTARY_SIGNATURE = "application/vnd.cncf.notary.signature";
  private static final Set<String> NOTARY_ENVELOPES =
      Set.of("application/jose+json", "application/cose");

  private EvidenceTypes() {}

  /// Whether a manifest is a signature of the Notary Project: by its config as the first clients
  /// write it, or by its artifact type.
  static boolean isNotary(ImageManifest manifest) {
    return manifest.artifactType().equals(NOTARY_SIGNATURE);
  }

  static boolean isNotaryEnvelope(Descriptor layer) {
    return NOTARY_ENVELOPES.contains(layer.mediaType().value());
  }

  static boolean isBundle(Descriptor layer) {
    return layer.mediaType().value().startsWith(BUNDLE);
  }

  static boolean isSimpleSigning(Descriptor layer) {
    return layer.mediaType().value().equals(SIMPLE_SIGNING);
  }

  static boolean isEnvelope(Descriptor layer) {
    return layer.mediaType().value().equals(ENVELOPE);
  }

  /// Whether a type speaks of an SBOM. Only the content will tell; this chooses what is opened.
  static boolean soundsLikeSbom(@Nullable String type) {
    if (type == null) {
      return false;
    }
    var lower = type.toLowerCase(Locale.ROOT);
    return lower.contains("spdx") || lower.contains("cyclonedx") || lower.contains("sbom");
  }

  static boolean soundsLikeSbom(ImageManifest manifest) {
    return soundsLikeSbom(manifest.artifactType())
        || manifest.layers().stream().anyMatch(l -> soundsLikeSbom(l.mediaType().value()));
  }

  /// Whether a listed type may be a signature or an attestation: opened first.
  static boolean soundsLikeSignature(@Nullable String claimedType) {
    return claimedType != null
        && (claimedType.startsWith(BUNDLE)
            || claimedType.equals(COSIGN_SIGNATURE)
            || claimedType.equals(NOTARY_SIGNATURE));
  }

  /// Whether a list says nothing about a candidate, or what a broken writer says of everything.
  static boolean saysNothing(@Nullable String claimedType) {
    return claimedType == null
        || claimedType.isEmpty()
        || claimedType.startsWith("application/vnd.oci.");
  }
}
