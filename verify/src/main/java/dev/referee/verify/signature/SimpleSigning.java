package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.trust.TrustedKey;
import java.util.Set;

/// A signature in cosign's older form: a "simple signing" payload in a layer, its signature in an
/// annotation of the layer (cosign, specs/SIGNATURE_SPEC.md). Parsed, not proven.
public final class SimpleSigning implements SignedContent {
  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  private static final Set<String> TYPES =
      Set.of("cosign container image signature", "atomic container signature");

  private final byte[] payload;
  private final byte[] signature;
  private final CosignAnnotations annotations;

  private SimpleSigning(byte[] payload, byte[] signature, CosignAnnotations annotations) {
    this.payload = requireNonNull(payload, "payload is null");
    this.signature = signature;
    this.annotations = annotations;
  }

  /// Reads one layer.
  ///
  /// @param layer the layer, for its annotations, which the manifest's digest covers
  /// @param payload the layer's content: the signed bytes, as they are
  public static SimpleSigning ofLayer(Descriptor layer, byte[] payload) throws UnprovenException {
    var signature = layer.annotations().get(SIGNATURE);
    if (signature == null || signature.isEmpty()) {
      throw new UnprovenException(MALFORMED_EVIDENCE, "the layer has no annotation " + SIGNATURE);
    }
    return new SimpleSigning(
        payload, StrictBase64.decode(signature, SIGNATURE), CosignAnnotations.of(layer));
  }

  @Override
  public SigningMaterial material() {
    return annotations.material();
  }

  /// The signed bytes, as they are; callers do not change them.
  public byte[] payload() {
    return payload;
  }

  /// The signature; callers do not change it.
  public byte[] signature() {
    return signature;
  }

  /// What stands beside it.
  public CosignAnnotations annotations() {
    return annotations;
  }

  boolean isSignedBy(TrustedKey key) {
    return key.verifies(payload, signature);
  }

  /// Checks that the payload is about this artifact. Only called on proven bytes.
  ///
  /// `critical.identity.docker-reference` is not compared: copied images keep their signatures, as
  /// with cosign itself.
  public void checkSubject(Digest artifact) throws UnprovenException {
    try {
      var critical = StrictJson.readObject(payload, payload.length).object("critical");
      var type = critical.text("type");
      if (!TYPES.contains(type)) {
        throw new UnprovenException(
            MALFORMED_EVIDENCE, "the payload's type is no container image signature");
      }
      var named = Digest.parse(critical.object("image").text("docker-manifest-digest"));
      if (!named.equals(artifact)) {
        throw new UnprovenException(
            SUBJECT_MISMATCH, "it is about %s, not about %s".formatted(named, artifact));
      }
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the payload is malformed: " + e.getMessage());
    }
  }
}
