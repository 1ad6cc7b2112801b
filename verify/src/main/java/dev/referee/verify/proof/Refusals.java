package dev.referee.verify.proof;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static dev.referee.verify.decision.Reason.CONTENT_MISMATCH;
import static dev.referee.verify.decision.Reason.EVIDENCE_NOT_FOUND;
import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.decision.Reason.INTERNAL_ERROR;
import static dev.referee.verify.decision.Reason.KEY_INSTEAD_OF_CERTIFICATE;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISMATCH;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISSING;
import static dev.referee.verify.decision.Reason.LOG_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.LOG_PROMISE_INVALID;
import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.NOT_A_SIGNATURE;
import static dev.referee.verify.decision.Reason.REGISTRY_MISCONFIGURED;
import static dev.referee.verify.decision.Reason.REGISTRY_REFUSED;
import static dev.referee.verify.decision.Reason.REVOCATION_UNKNOWN;
import static dev.referee.verify.decision.Reason.SBOM_FORMAT_NOT_ACCEPTED;
import static dev.referee.verify.decision.Reason.SBOM_UNSIGNED;
import static dev.referee.verify.decision.Reason.SCT_INVALID;
import static dev.referee.verify.decision.Reason.SCT_MISSING;
import static dev.referee.verify.decision.Reason.SCT_UNTRUSTED;
import static dev.referee.verify.decision.Reason.SIGNATURE_EXPIRED;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SIGNER_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIMESTAMP_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;
import static dev.referee.verify.decision.Reason.TIME_UNPROVEN;
import static dev.referee.verify.decision.Reason.TOO_MUCH_EVIDENCE;
import static dev.referee.verify.decision.Reason.TRUST_ROOT_INVALID;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.UnprovenException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of several refusals says most to whoever asks why.
public final class Refusals {
  /// From what tells most about a refusal to what tells least. A search that ran into a limit says
  /// so first, since what it did not look at might have been the right thing.
  private static final List<Reason> TELLING =
      List.of(
          INTERNAL_ERROR,
          TOO_MUCH_EVIDENCE,
          TRUST_ROOT_INVALID,
          REGISTRY_MISCONFIGURED,
          REGISTRY_REFUSED,
          CONTENT_MISMATCH,
          SIGNATURE_INVALID,
          SUBJECT_MISMATCH,
          THRESHOLD_NOT_REACHED,
          NOT_A_SIGNATURE,
          CERTIFICATE_REVOKED,
          REVOCATION_UNKNOWN,
          SIGNATURE_EXPIRED,
          SIGNER_OUTSIDE_VALIDITY,
          IDENTITY_MISMATCH,
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          CERTIFICATE_NOT_VALID_NOW,
          LOG_ENTRY_MISMATCH,
          LOG_PROMISE_INVALID,
          INCLUSION_PROOF_INVALID,
          CHECKPOINT_INVALID,
          LOG_OUTSIDE_VALIDITY,
          TIMESTAMP_MISMATCH,
          TIMESTAMP_OUTSIDE_VALIDITY,
          TIMESTAMP_INVALID,
          SCT_INVALID,
          CERTIFICATE_INVALID,
          SCT_MISSING,
          SCT_UNTRUSTED,
          INCLUSION_PROOF_MISSING,
          LOG_ENTRY_MISSING,
          TIMESTAMP_MISSING,
          TIME_UNPROVEN,
          TIMESTAMP_UNTRUSTED,
          LOG_UNKNOWN,
          UNTRUSTED_CERTIFICATE,
          SBOM_UNSIGNED,
          SBOM_FORMAT_NOT_ACCEPTED,
          UNTRUSTED_KEY,
          CERTIFICATE_INSTEAD_OF_KEY,
          KEY_INSTEAD_OF_CERTIFICATE,
          MALFORMED_EVIDENCE,
          UNSUPPORTED_EVIDENCE,
          EVIDENCE_NOT_FOUND);

  private Refusals() {}

  /// The most telling of these reasons.
  public static Optional<Reason> mostTelling(Set<Reason> reasons) {
    return TELLING.stream().filter(reasons::contains).findFirst();
  }

  /// The one of two refusals that says more.
  public static UnprovenException moreTelling(
      @Nullable UnprovenException one, UnprovenException other) {
    return one == null || TELLING.indexOf(other.reason()) < TELLING.indexOf(one.reason())
        ? other
        : one;
  }
}
