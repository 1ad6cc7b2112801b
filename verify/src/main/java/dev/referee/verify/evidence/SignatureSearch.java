package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static dev.referee.verify.decision.Reason.UNSIGNED;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.signature.KeyVerifier;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.TrustedSigner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Looks for signatures of an artifact, image or SBOM alike, until enough of those that were asked
/// for have signed it.
final class SignatureSearch {
  private static final List<Via> WAYS =
      List.of(Via.REFERRERS_API, Via.FALLBACK_TAG, Via.SIGNATURE_TAG);

  private final EvidenceReader reader;
  private final Deadline deadline;
  private final SignedBy by;

  SignatureSearch(EvidenceReader reader, Deadline deadline, SignedBy by) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.by = requireNonNull(by, "by is null");
  }

  Outcome.Checked search(Digest subject) {
    var proven = new LinkedHashSet<TrustedSigner>();
    var account = new Account();
    var search = new WideningSearch(reader, deadline, SignatureSearch::rank);
    search.run(
        subject,
        WAYS,
        account,
        candidate -> examine(candidate, subject),
        examined -> {
          proven.addAll(examined.proven());
          return proven.size() >= by.threshold();
        });
    var signers = names(proven);
    if (proven.size() >= by.threshold()) {
      return new Outcome.Met("signed by " + signers, account.findings());
    }
    if (!proven.isEmpty()) {
      return account.failed(
          THRESHOLD_NOT_REACHED,
          "signed by %s only, not by %s; %s".formatted(signers, by.describe(), account.looked()));
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

  private record Examined(Set<TrustedSigner> proven, List<Finding> findings)
      implements WideningSearch.Examined {}

  private Examined examine(Candidate candidate, Digest subject) {
    try {
      var manifest = reader.open(candidate, deadline);
      var proven = new LinkedHashSet<TrustedSigner>();
      var findings = new ArrayList<Finding>();
      for (var layer : SignedLayers.read(reader, manifest, Limits.SIGNATURE_BYTES, deadline)) {
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
          Set.of(), List.of(Account.notProven(candidate, "referrer", e.reason(), e.sentence())));
    }
  }

  /// Tries every signer that was asked for: a hint in the evidence does not choose whom to believe.
  private Finding prove(
      SignedLayers.Layer.Parsed layer,
      Candidate candidate,
      Digest subject,
      Set<TrustedSigner> proven) {
    UnprovenException closest = null;
    for (var signer : by.signers()) {
      try {
        KeyVerifier.verifySignature(layer.content(), subject, signer);
        proven.add(signer);
        return Finding.proven(
            candidate.digest(),
            layer.form(),
            candidate.where(),
            "signed by " + signer.name(),
            List.of());
      } catch (UnprovenException e) {
        closest = Account.moreTelling(closest, e);
      }
    }
    requireNonNull(closest, "a policy without signers cannot be compiled");
    return Finding.rejected(
        candidate.digest(), layer.form(), candidate.where(), closest.reason(), closest.sentence());
  }

  private static String names(Set<TrustedSigner> signers) {
    return String.join(", ", signers.stream().map(TrustedSigner::name).toList());
  }
}
