package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.verify.revocation.RevocationSource;

/// A signature of the Notary Project, as it stands in a layer: not even parsed.
///
/// @param content the envelope
/// @param type whether it is JWS or COSE
/// @param artifact what it is found at: a signature has to be about exactly this
/// @param revocation where it is looked up whether its certificates were taken back
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
public record NotaryEnvelope(
    byte[] content, MediaType type, Descriptor artifact, RevocationSource revocation)
    implements SignedContent {
  public NotaryEnvelope {
    requireNonNull(content, "content is null");
    requireNonNull(type, "type is null");
    requireNonNull(artifact, "artifact is null");
    requireNonNull(revocation, "revocation is null");
  }

  /// Always a certificate.
  @Override
  public SigningMaterial material() {
    return new SigningMaterial.Certificate();
  }

  /// The refusal of a signer that knows signatures by other means.
  public static UnprovenException unread() {
    return new UnprovenException(
        UNSUPPORTED_EVIDENCE,
        "it is a signature of the Notary Project, which only a notation signer is known by");
  }
}
