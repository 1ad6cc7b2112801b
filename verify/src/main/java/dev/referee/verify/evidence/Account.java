package dev.referee.verify.evidence;

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

import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.UnprovenException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The account of a search: where it looked, what it found there, and, when it was in vain, why.
final class Account {
  /// A decision is shown to people and stored in reports: of a thousand junk referrers they see
  /// some.
  private static final int MAX_FINDINGS = 50;

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

  private final List<String> places = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private int referrers;
  private int omitted;

  void lookedAt(String place, int found) {
    places.add(place);
    referrers += found;
  }

  void add(List<Finding> found) {
    found.forEach(this::add);
  }

  void add(Finding finding) {
    if (finding.reason() != null) {
      reasons.add(finding.reason());
    }
    // What proves something, or keeps the question open, is never left out.
    if (findings.size() < MAX_FINDINGS
        || finding.status() == Finding.Status.PROVEN
        || isTransport(finding)) {
      findings.add(finding);
    } else {
      omitted++;
    }
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// `looked at 2 referrers; searched the referrers API, the tag sha256-6f0c....sig`.
  String looked() {
    var what = referrers == 1 ? "1 referrer" : referrers + " referrers";
    var more = omitted == 0 ? "" : " (%d of them not listed here)".formatted(omitted);
    return "looked at %s%s; searched %s".formatted(what, more, String.join(", ", places));
  }

  /// The end of a search that was in vain. Whatever could not be read might have been the right
  /// thing, so a broken way leaves the question open; everything else is an answer.
  Outcome.Checked failed(Reason reason, String message) {
    return findings.stream()
        .filter(Account::isTransport)
        .findFirst()
        .<Outcome.Checked>map(
            broken ->
                new Outcome.Undecided(
                    Objects.requireNonNull(broken.reason()),
                    "%s; but %s: %s".formatted(message, broken.where(), broken.message()),
                    findings))
        .orElseGet(() -> new Outcome.Unmet(reason, message, findings));
  }

  private static boolean isTransport(Finding finding) {
    return finding.reason() != null && finding.reason().isTransport();
  }

  /// The most telling reason among everything that was found, listed here or not.
  Optional<Reason> mostTelling() {
    return TELLING.stream().filter(reasons::contains).findFirst();
  }

  /// The one of two refusals that says more.
  static UnprovenException moreTelling(@Nullable UnprovenException one, UnprovenException other) {
    return one == null || TELLING.indexOf(other.reason()) < TELLING.indexOf(one.reason())
        ? other
        : one;
  }

  /// The finding for something that proves nothing: looked at in vain, or not even read.
  static Finding notProven(Candidate candidate, String what, Reason reason, String message) {
    return reason.isTransport()
        ? Finding.unread(candidate.digest(), what, candidate.where(), reason, message)
        : Finding.rejected(candidate.digest(), what, candidate.where(), reason, message);
  }
}
