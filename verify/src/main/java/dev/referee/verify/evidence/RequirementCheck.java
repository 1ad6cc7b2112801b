package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.FORBIDDEN;
import static dev.referee.verify.decision.Reason.POLICY_INVALID;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.policy.Requirement;
import java.time.Instant;

/// Finds out what becomes of one requirement for one image.
public final class RequirementCheck {
  private RequirementCheck() {}

  /// Whether the requirement can be decided without looking at the image at all.
  public static boolean needsEvidence(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Signature signature -> true;
      case Requirement.Sbom sbom -> true;
      case Requirement.Deny deny -> false;
      case Requirement.Broken broken -> false;
    };
  }

  /// Checks a requirement that needs no evidence.
  public static Outcome.Unmet withoutEvidence(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Deny deny -> new Outcome.Unmet(FORBIDDEN, deny.message());
      case Requirement.Broken broken ->
          new Outcome.Unmet(POLICY_INVALID, "the policy makes no sense: " + broken.message());
      case Requirement.Signature signature -> throw needs(signature);
      case Requirement.Sbom sbom -> throw needs(sbom);
    };
  }

  /// Checks a requirement against the evidence about an image.
  ///
  /// @param now when that is: signers and certificates end
  public static Outcome.Checked check(
      Requirement requirement,
      Digest image,
      EvidenceReader reader,
      Deadline deadline,
      Instant now) {
    return switch (requirement) {
      case Requirement.Signature signature ->
          new SignatureSearch(reader, deadline, signature.by(), now).search(image);
      case Requirement.Sbom sbom -> new SbomSearch(reader, deadline, sbom, now).search(image);
      case Requirement.Deny deny -> withoutEvidence(deny);
      case Requirement.Broken broken -> withoutEvidence(broken);
    };
  }

  private static IllegalArgumentException needs(Requirement requirement) {
    return new IllegalArgumentException(requirement.name() + " needs evidence");
  }
}
