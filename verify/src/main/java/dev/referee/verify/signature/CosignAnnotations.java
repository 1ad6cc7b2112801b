package dev.referee.verify.signature;

import dev.referee.oci.Descriptor;
import org.jspecify.annotations.Nullable;

/// What stands beside a signature in cosign's older forms: annotations of its layer (cosign,
/// specs/SIGNATURE_SPEC.md). Whoever writes manifests writes them, so that nothing in them is
/// believed that is not proven.
///
/// @param certificate the signer's, in PEM
/// @param chain certificates above it, in PEM
/// @param bundle what Rekor answered, in JSON
/// @param timestamp what a timestamp authority answered, in JSON
public record CosignAnnotations(
    @Nullable String certificate,
    @Nullable String chain,
    @Nullable String bundle,
    @Nullable String timestamp) {
  /// Nothing stands there.
  public static final CosignAnnotations NONE = new CosignAnnotations(null, null, null, null);

  /// Those of a layer. An empty one is as good as none, and cosign writes such.
  public static CosignAnnotations of(Descriptor layer) {
    return new CosignAnnotations(
        value(layer, "dev.sigstore.cosign/certificate"),
        value(layer, "dev.sigstore.cosign/chain"),
        value(layer, "dev.sigstore.cosign/bundle"),
        value(layer, "dev.sigstore.cosign/rfc3161timestamp"));
  }

  private static @Nullable String value(Descriptor layer, String annotation) {
    var value = layer.annotations().getOrDefault(annotation, "");
    return value.isEmpty() ? null : value;
  }

  /// What the layer says it was signed with.
  public SigningMaterial material() {
    return certificate == null ? new SigningMaterial.Key("") : new SigningMaterial.Certificate();
  }
}
