package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.SBOM_MISSING;
import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.policy.Requirement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks for an SBOM of an image: a document that refers to it, signed in its own right where a
/// signature is asked for, or an attestation whose envelope carries document and signature at once.
final class SbomSearch {
  private final EvidenceReader reader;
  private final Deadline deadline;
  private final Requirement.Sbom requirement;
  private final SbomDocuments documents;
  private final SbomAttestations attestations;

  SbomSearch(EvidenceReader reader, Deadline deadline, Requirement.Sbom requirement, Instant now) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.requirement = requireNonNull(requirement, "requirement is null");
    this.documents = new SbomDocuments(reader, deadline, requirement, now);
    this.attestations = new SbomAttestations(reader, deadline, requirement, now);
  }

  /// A document that fulfils the requirement.
  ///
  /// @param words what it is, and who signed it
  /// @param until when it ceases to
  record Accepted(String words, Instant until) {}

  /// What came of one candidate.
  ///
  /// @param accepted a document that fulfils the requirement by itself
  /// @param attested documents with those who proved them, to be counted together with others'
  record Examined(Optional<Accepted> accepted, List<AttestedSbom> attested, List<Finding> findings)
      implements WideningSearch.Examined {
    static Examined nothing(List<Finding> findings) {
      return new Examined(Optional.empty(), List.of(), findings);
    }
  }

  Outcome.Checked search(Digest subject) {
    var accepted = new ArrayList<Accepted>();
    var count = new AttestedSbom.Count(requirement.signedBy());
    var account = new Account();
    new WideningSearch(reader, deadline, SbomSearch::rank)
        .run(
            subject,
            ways(),
            account,
            candidate -> examine(candidate, subject),
            examined -> {
              examined.accepted().ifPresent(accepted::add);
              count.add(examined.attested());
              count.reached().ifPresent(accepted::add);
              return !accepted.isEmpty();
            });
    if (!accepted.isEmpty()) {
      var first = accepted.getFirst();
      return new Outcome.Met(first.words(), account.findings(), first.until());
    }
    var message = "no %s; %s".formatted(wanted(), account.looked());
    return count.isBegun()
        ? account.failed(THRESHOLD_NOT_REACHED, message)
        : account.failed(account.mostTelling().orElse(SBOM_MISSING), message);
  }

  private List<Via> ways() {
    // Nothing but a tag's name ties a document of cosign's `.sbom` tag to the image, so no
    // signature of
    // the document could say that it is this image's.
    return requirement.signedBy() == null
        ? List.of(Via.REFERRERS_API, Via.FALLBACK_TAG, Via.ATTESTATION_TAG, Via.SBOM_TAG)
        : List.of(Via.REFERRERS_API, Via.FALLBACK_TAG, Via.ATTESTATION_TAG);
  }

  private static int rank(Candidate candidate) {
    var type = candidate.claimedType();
    boolean likely =
        EvidenceTypes.soundsLikeSbom(type)
            || EvidenceTypes.soundsLikeSignature(type)
            || candidate.via() == Via.ATTESTATION_TAG
            || candidate.via() == Via.SBOM_TAG;
    return likely ? 0 : EvidenceTypes.saysNothing(type) ? 1 : 2;
  }

  private Examined examine(Candidate candidate, Digest subject) {
    if (requirement.signedBy() != null && EvidenceTypes.soundsLikeSbom(candidate.claimedType())) {
      // Its signatures are asked for together with its manifest: one round trip less.
      reader.prefetchReferrers(candidate.digest());
    }
    try {
      var manifest = reader.open(candidate, deadline);
      return EvidenceTypes.soundsLikeSbom(manifest)
          ? documents.examine(candidate, manifest, subject)
          : attestations.examine(candidate, manifest, subject);
    } catch (UnreadableException e) {
      return Examined.nothing(
          List.of(Account.notProven(candidate, "referrer", e.reason(), e.sentence())));
    }
  }

  /// `SBOM (SPDX or CycloneDX) signed by ci-key`.
  private String wanted() {
    var formats =
        requirement.formats().stream()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining(" or "));
    var signedBy = requirement.signedBy();
    return signedBy == null
        ? "SBOM (%s)".formatted(formats)
        : "SBOM (%s) signed by %s".formatted(formats, signedBy.describe());
  }
}
