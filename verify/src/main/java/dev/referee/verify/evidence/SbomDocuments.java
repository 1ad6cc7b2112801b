package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SBOM_FORMAT_NOT_ACCEPTED;
import static dev.referee.verify.decision.Reason.SBOM_UNSIGNED;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TOO_MUCH_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSIGNED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.MalformedContentException;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.evidence.SbomSearch.Examined;
import dev.referee.verify.policy.Requirement;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.sbom.SbomDocument;
import dev.referee.verify.sbom.SbomReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Examines SBOMs that are artifacts of their own, as `oras attach` and scanners push them.
final class SbomDocuments {
  /// A document is one layer; more are tolerated for tools that add a readme.
  private static final int MAX_LAYERS = 16;

  private final EvidenceReader reader;
  private final Deadline deadline;
  private final Requirement.Sbom requirement;
  private final Instant now;

  SbomDocuments(
      EvidenceReader reader, Deadline deadline, Requirement.Sbom requirement, Instant now) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.requirement = requireNonNull(requirement, "requirement is null");
    this.now = requireNonNull(now, "now is null");
  }

  Examined examine(Candidate candidate, ImageManifest manifest, Digest subject) {
    try {
      checkSubject(candidate, manifest, subject);
      var layers = layers(manifest);
      var signedBy = requirement.signedBy();
      if (signedBy == null) {
        return accepted(candidate, document(layers), List.of(), "", Instant.MAX);
      }
      layers.forEach(layer -> reader.prefetch(layer, Limits.DOCUMENT_BYTES));
      // The manifest names both the document and the image, so whoever signed its digest signed
      // both.
      var signatures =
          new SignatureSearch(reader, deadline, signedBy, now).search(candidate.digest());
      return switch (signatures) {
        case Outcome.Met met ->
            accepted(
                candidate, document(layers), met.findings(), ", " + met.message(), met.until());
        case Outcome.Unmet unmet -> unsigned(candidate, signedBy, unmet);
        case Outcome.Undecided undecided ->
            nothing(
                new Finding(
                    candidate.digest(),
                    "SBOM document",
                    candidate.where(),
                    Finding.Status.UNREAD,
                    undecided.reason(),
                    undecided.message(),
                    undecided.findings()));
      };
    } catch (UnreadableException e) {
      return nothing(Account.notProven(candidate, "SBOM document", e.reason(), e.sentence()));
    }
  }

  /// The subject is part of the hashed manifest. Only the tag `.sbom` has none, and is only asked
  /// where presence is enough.
  private static void checkSubject(Candidate candidate, ImageManifest manifest, Digest subject)
      throws UnreadableException {
    if (candidate.via() == Via.SBOM_TAG) {
      return;
    }
    var stated = manifest.subject();
    if (stated == null || !stated.digest().equals(subject)) {
      throw new UnreadableException(
          SUBJECT_MISMATCH,
          "it refers to %s, not to %s"
              .formatted(stated == null ? "nothing" : stated.digest(), subject));
    }
  }

  private static List<Descriptor> layers(ImageManifest manifest) throws UnreadableException {
    var named =
        manifest.layers().stream()
            .filter(layer -> EvidenceTypes.soundsLikeSbom(layer.mediaType().value()))
            .toList();
    // `oras attach` without a type gives a layer the type of an image's.
    var layers = named.isEmpty() ? manifest.layers() : named;
    if (layers.size() > MAX_LAYERS) {
      throw new UnreadableException(
          TOO_MUCH_EVIDENCE,
          "it has %d documents, %d are read".formatted(layers.size(), MAX_LAYERS));
    }
    return layers;
  }

  /// The first document of an accepted format.
  private SbomDocument document(List<Descriptor> layers) throws UnreadableException {
    var refusal = new UnreadableException(MALFORMED_EVIDENCE, "it has no document");
    for (var layer : layers) {
      var content = reader.content(layer, Limits.DOCUMENT_BYTES, deadline);
      Optional<SbomDocument> document;
      try {
        document = SbomReader.read(content, Limits.DOCUMENT_BYTES);
      } catch (MalformedContentException e) {
        refusal = new UnreadableException(MALFORMED_EVIDENCE, String.valueOf(e.getMessage()));
        continue;
      }
      if (document.isEmpty()) {
        refusal =
            new UnreadableException(
                MALFORMED_EVIDENCE, "its content is neither an SPDX nor a CycloneDX document");
      } else if (!requirement.formats().contains(document.get().format())) {
        refusal =
            new UnreadableException(
                SBOM_FORMAT_NOT_ACCEPTED,
                "it is %s, which the policy does not accept".formatted(document.get().describe()));
      } else {
        return document.get();
      }
    }
    throw refusal;
  }

  private static Examined accepted(
      Candidate candidate,
      SbomDocument document,
      List<Finding> signatures,
      String signed,
      Instant until) {
    var words = document.describe() + signed;
    var finding =
        Finding.proven(candidate.digest(), "SBOM document", candidate.where(), words, signatures);
    return new Examined(
        Optional.of(new SbomSearch.Accepted(words, until)), List.of(), List.of(finding));
  }

  private static Examined unsigned(Candidate candidate, SignedBy by, Outcome.Unmet unmet) {
    Reason reason = unmet.reason() == UNSIGNED ? SBOM_UNSIGNED : unmet.reason();
    return nothing(
        new Finding(
            candidate.digest(),
            "SBOM document",
            candidate.where(),
            Finding.Status.REJECTED,
            reason,
            reason == SBOM_UNSIGNED ? "it is not signed by " + by.describe() : unmet.message(),
            unmet.findings()));
  }

  private static Examined nothing(Finding finding) {
    return Examined.nothing(List.of(finding));
  }
}
