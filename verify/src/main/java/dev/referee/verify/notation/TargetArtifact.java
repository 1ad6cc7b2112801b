package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.UnprovenException;

/// What a signer says was signed (signature-specification.md, "Payload").
///
/// @param descriptor the artifact, with what the signer noted about it among its annotations
record TargetArtifact(Descriptor descriptor) {
  /// A descriptor and the signer's notes.
  private static final int MAX_BYTES = 256 * 1024;

  TargetArtifact {
    requireNonNull(descriptor, "descriptor is null");
  }

  /// Reads a payload that is proven to be signed.
  ///
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`
  static TargetArtifact parse(byte[] payload) throws UnprovenException {
    try {
      var fields = StrictJson.readObject(payload, MAX_BYTES);
      return new TargetArtifact(Descriptor.read(fields.object("targetArtifact")));
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the signed payload is malformed: " + e.getMessage());
    }
  }

  /// Checks that it is about exactly this artifact: type, digest and size all count.
  ///
  /// @throws UnprovenException with `SUBJECT_MISMATCH`
  void checkIs(Descriptor artifact) throws UnprovenException {
    if (!descriptor.digest().equals(artifact.digest())) {
      throw new UnprovenException(
          SUBJECT_MISMATCH,
          "it is about %s, not about %s".formatted(descriptor.digest(), artifact.digest()));
    }
    if (!descriptor.mediaType().equals(artifact.mediaType())
        || descriptor.size() != artifact.size()) {
      throw new UnprovenException(
          SUBJECT_MISMATCH,
          "it is about %d bytes of %s, and the artifact is %d bytes of %s"
              .formatted(
                  descriptor.size(),
                  descriptor.mediaType(),
                  artifact.size(),
                  artifact.mediaType()));
    }
  }
}
