package dev.referee.verify.evidence;

import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.proof.Refusals;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The account of a search: where it looked, what it found there, and, when it was in vain, why.
final class Account {
  /// A decision is shown to people and stored in reports: of a thousand junk referrers they see
  /// some.
  private static final int MAX_FINDINGS = 50;

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
    return Refusals.mostTelling(reasons);
  }

  /// The finding for something that proves nothing: looked at in vain, or not even read.
  static Finding notProven(Candidate candidate, String what, Reason reason, String message) {
    return reason.isTransport()
        ? Finding.unread(candidate.digest(), what, candidate.where(), reason, message)
        : Finding.rejected(candidate.digest(), what, candidate.where(), reason, message);
  }
}
