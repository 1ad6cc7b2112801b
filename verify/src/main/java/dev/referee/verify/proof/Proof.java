package dev.referee.verify.proof;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.Statement;
import dev.referee.verify.trust.TrustedSigner;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That a signer has signed an artifact, or made a statement about it.
///
/// @param signer whom the policy names; never a group
/// @param holder who that was
/// @param until when it ceases to count; [Instant#MAX], never
/// @param statement what was said; null, the artifact itself was signed
public record Proof(
    TrustedSigner signer, Holder holder, Instant until, @Nullable Statement statement) {
  public Proof {
    requireNonNull(signer, "signer is null");
    requireNonNull(holder, "holder is null");
    requireNonNull(until, "until is null");
  }
}
