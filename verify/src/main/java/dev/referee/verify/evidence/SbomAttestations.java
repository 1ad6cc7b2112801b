package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SBOM_FORMAT_NOT_ACCEPTED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.MalformedContentException;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.evidence.SbomSearch.Examined;
import dev.referee.verify.evidence.SignedLayers.Layer;
import dev.referee.verify.policy.Requirement;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.proof.Proof;
import dev.referee.verify.proof.Refusals;
import dev.referee.verify.proof.SignerVerifier;
import dev.referee.verify.sbom.SbomDocument;
import dev.referee.verify.sbom.SbomReader;
import dev.referee.verify.signature.KeyVerifier;
import dev.referee.verify.signature.PredicateTypes;
import dev.referee.verify.signature.SignedEnvelope;
import dev.referee.verify.signature.Statement;
import dev.referee.verify.signature.UnprovenException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Examines attestations whose predicate is an SBOM, as `cosign attest` makes them.
final class SbomAttestations {
  private static final String WHAT = "SBOM attestation";

  private final EvidenceReader reader;
  private final Deadline deadline;
  private final Requirement.Sbom requirement;
  private final Instant now;

  SbomAttestations(
      EvidenceReader reader, Deadline deadline, Requirement.Sbom requirement, Instant now) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.requirement = requireNonNull(requirement, "requirement is null");
    this.now = requireNonNull(now, "now is null");
  }

  Examined examine(Candidate candidate, ImageManifest manifest, Digest subject)
      throws UnreadableException {
    var attested = new ArrayList<AttestedSbom>();
    var findings = new ArrayList<Finding>();
    for (var layer :
        SignedLayers.readEnvelopes(reader, manifest, Limits.ATTESTATION_BYTES, deadline)) {
      switch (layer) {
        case Layer.Parsed(String form, SignedEnvelope envelope) ->
            examine(candidate, envelope, subject, attested, findings);
        case Layer.Parsed(String form, var content) -> {
          // A signature without a statement carries no document.
        }
        case Layer.Unusable(String form, var reason, String message) ->
            findings.add(Account.notProven(candidate, form, reason, message));
      }
    }
    return new Examined(Optional.empty(), attested, findings);
  }

  private void examine(
      Candidate candidate,
      SignedEnvelope envelope,
      Digest subject,
      List<AttestedSbom> attested,
      List<Finding> findings) {
    if (KeyVerifier.claimsOtherThan(envelope, t -> PredicateTypes.sbomFormat(t).isPresent())) {
      // A signature, a scan report, provenance: nothing that this requirement asks about.
      return;
    }
    try {
      var sbom = prove(envelope, subject);
      attested.add(sbom);
      findings.add(
          Finding.proven(candidate.digest(), WHAT, candidate.where(), words(sbom), List.of()));
    } catch (UnprovenException e) {
      findings.add(Account.notProven(candidate, WHAT, e.reason(), e.sentence()));
    }
  }

  private AttestedSbom prove(SignedEnvelope envelope, Digest subject) throws UnprovenException {
    var signedBy = requirement.signedBy();
    if (signedBy == null) {
      var statement = KeyVerifier.readUnprovenStatement(envelope, subject);
      return attested(statement, List.of());
    }
    var proofs = proveBy(envelope, subject, signedBy);
    var statement = requireNonNull(proofs.getFirst().statement(), "an envelope has a statement");
    return attested(statement, proofs);
  }

  /// At least one proof.
  private List<Proof> proveBy(SignedEnvelope envelope, Digest subject, SignedBy by)
      throws UnprovenException {
    var verifier = new SignerVerifier(envelope, subject, now);
    var proofs = new ArrayList<Proof>();
    UnprovenException closest = null;
    for (var signer : by.leaves()) {
      try {
        proofs.add(verifier.prove(signer));
      } catch (UnprovenException e) {
        closest = Refusals.moreTelling(closest, e);
      }
    }
    if (proofs.isEmpty()) {
      throw requireNonNull(closest, "a policy without signers cannot be compiled");
    }
    return proofs;
  }

  private AttestedSbom attested(Statement statement, List<Proof> proofs) throws UnprovenException {
    var format =
        PredicateTypes.sbomFormat(statement.predicateType())
            .orElseThrow(
                () -> new UnprovenException(MALFORMED_EVIDENCE, "the statement is not an SBOM's"));
    var predicate = statement.predicate();
    if (predicate == null) {
      throw new UnprovenException(MALFORMED_EVIDENCE, "the statement has no predicate");
    }
    SbomDocument document;
    try {
      document =
          SbomReader.readPredicate(predicate)
              .filter(read -> read.format() == format)
              .orElseThrow(
                  () ->
                      new UnprovenException(
                          MALFORMED_EVIDENCE,
                          "the predicate is not the %s document that its type says"
                              .formatted(format)));
    } catch (MalformedContentException e) {
      throw new UnprovenException(MALFORMED_EVIDENCE, String.valueOf(e.getMessage()));
    }
    if (!requirement.formats().contains(format)) {
      throw new UnprovenException(
          SBOM_FORMAT_NOT_ACCEPTED,
          "it is %s, which the policy does not accept".formatted(document.describe()));
    }
    return new AttestedSbom(predicate, document, proofs);
  }

  private static String words(AttestedSbom sbom) {
    var names = sbom.proofs().stream().map(proof -> proof.signer().name()).toList();
    return names.isEmpty()
        ? sbom.document().describe()
        : "%s, attested by %s".formatted(sbom.document().describe(), String.join(", ", names));
  }
}
