package dev.referee.verify.proof;

import dev.referee.verify.policy.SignedBy;
import dev.referee.verify.trust.TrustedSigner;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Who has signed so far, and whether that is enough.
public final class RollCall {
  /// More than there are signers in a policy help none of them.
  private static final int MAX_HOLDERS = 64;

  private final Map<TrustedSigner, Set<Holder>> signed = new LinkedHashMap<>();
  private Instant until = Instant.MAX;

  /// Takes proofs in.
  public void add(Collection<Proof> proofs) {
    for (var proof : proofs) {
      var holders = signed.computeIfAbsent(proof.signer(), _ -> new LinkedHashSet<>());
      if (holders.size() < MAX_HOLDERS) {
        holders.add(proof.holder());
        until = proof.until().isBefore(until) ? proof.until() : until;
      }
    }
  }

  /// Whether nobody has signed.
  public boolean isEmpty() {
    return signed.isEmpty();
  }

  /// Whether enough have signed, each by somebody of its own.
  public boolean isReached(SignedBy by) {
    return Quorum.isReached(by.signers(), by.threshold(), signed);
  }

  /// When the first of the proofs ceases to count.
  public Instant until() {
    return until;
  }

  /// Who has signed, in words.
  public String names() {
    return signed.keySet().stream().map(TrustedSigner::name).collect(Collectors.joining(", "));
  }
}
