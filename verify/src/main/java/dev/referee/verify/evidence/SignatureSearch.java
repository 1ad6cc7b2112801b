package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static dev.referee.verify.decision.Reason.UNSIGNED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.proof.Proof;
import dev.referee.verify.proof.Refusals;
import dev.referee.verify.proof.RollCall;
import dev.referee.verify.proof.SignerVerifier;
import dev.referee.verify.signature.UnprovenException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Looks for signatures of an artifact, image or SBOM alike, until enough of those that were asked
/// for have signed it.
final class SignatureSearch {
  private static final List<Via> WAYS =
      List.of(Via.REFERRERS_API, Via.FALLBACK_TAG, Via.SIGNATURE_TAG);

  private final EvidenceReader reader;
  private final Deadline deadline;
  private final SignedBy by;
  private final Instant now;

  SignatureSearch(EvidenceReader reader, Deadline deadline, SignedBy by, Instant now) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.by = requireNonNull(by, "by is null");
    this.now = requireNonNull(now, "now is null");
  }

  Outcome.Checked search(Digest subject) {
    var signed = new RollCall();
    var account = new Account();
    var search = new WideningSearch(reader, deadline, SignatureSearch::rank);
    search.run(
        subject,
        WAYS,
        account,
        candidate -> examine(candidate, subject),
        examined -> {
          signed.add(examined.proven());
          return signed.isReached(by);
        });
    if (signed.isReached(by)) {
      return new Outcome.Met("signed by " + signed.names(), account.findings(), signed.until());
    }
    if (!signed.isEmpty()) {
      return account.failed(
          THRESHOLD_NOT_REACHED,
          "signed by %s only, not by %s; %s"
              .formatted(signed.names(), by.describe(), account.looked()));
    }
    return account.failed(
        account.mostTelling().orElse(UNSIGNED),
        "no signature by %s; %s".formatted(by.describe(), account.looked()));
  }

  /// Signatures first, then what the list says nothing about, then what it calls something else.
  private static int rank(Candidate candidate) {
    if (candidate.via() == Via.SIGNATURE_TAG
        || EvidenceTypes.soundsLikeSignature(candidate.claimedType())) {
      return 0;
    }
    return EvidenceTypes.saysNothing(candidate.claimedType()) ? 1 : 2;
  }

  private record Examined(List<Proof> proven, List<Finding> findings)
      implements WideningSearch.Examined {}

  private Examined examine(Candidate candidate, Digest subject) {
    try {
      var manifest = reader.open(candidate, deadline);
      var proven = new ArrayList<Proof>();
      var findings = new ArrayList<Finding>();
      for (var layer : layers(manifest, subject)) {
        switch (layer) {
          case SignedLayers.Layer.Parsed parsed ->
              findings.add(prove(parsed, candidate, subject, proven));
          case SignedLayers.Layer.Unusable unusable ->
              findings.add(
                  Account.notProven(
                      candidate, unusable.form(), unusable.reason(), unusable.message()));
        }
      }
      return new Examined(proven, findings);
    } catch (UnreadableException e) {
      return new Examined(
          List.of(), List.of(Account.notProven(candidate, "referrer", e.reason(), e.sentence())));
    }
  }

  private List<SignedLayers.Layer> layers(ImageManifest manifest, Digest subject)
      throws UnreadableException {
    return EvidenceTypes.isNotary(manifest)
        ? List.of(NotaryLayer.read(reader, manifest, subject, deadline))
        : SignedLayers.read(reader, manifest, Limits.SIGNATURE_BYTES, deadline);
  }

  /// Tries every signer that was asked for: a hint in the evidence does not choose whom to believe,
  /// and one signature may be what two of them are known by.
  private Finding prove(
      SignedLayers.Layer.Parsed layer, Candidate candidate, Digest subject, List<Proof> proven) {
    var verifier = new SignerVerifier(layer.content(), subject, now);
    var names = new ArrayList<String>();
    UnprovenException closest = null;
    for (var signer : by.leaves()) {
      try {
        var proof = verifier.signature(signer);
        proven.add(proof);
        names.add(
            proof.notes().isEmpty()
                ? signer.name()
                : "%s (%s)".formatted(signer.name(), String.join("; ", proof.notes())));
      } catch (UnprovenException e) {
        closest = Refusals.moreTelling(closest, e);
      }
    }
    if (!names.isEmpty()) {
      return Finding.proven(
          candidate.digest(),
          layer.form(),
          candidate.where(),
          "signed by " + String.join(", ", names),
          List.of());
    }
    requireNonNull(closest, "a policy without signers cannot be compiled");
    return Finding.rejected(
        candidate.digest(), layer.form(), candidate.where(), closest.reason(), closest.sentence());
  }
}
