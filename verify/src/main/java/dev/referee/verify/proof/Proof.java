package dev.referee.verify.proof;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.Statement;
import dev.referee.verify.trust.TrustedSigner;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That a signer has signed an artifact, or made a statement about it.
///
/// @param signer whom the policy names; never a group
/// @param holder who that was
/// @param until when it ceases to count; [Instant#MAX], never
/// @param statement what was said; null, the artifact itself was signed
/// @param notes what was found wanting and does not count, each a sentence
public record Proof(
    TrustedSigner signer,
    Holder holder,
    Instant until,
    @Nullable Statement statement,
    List<String> notes) {
  public Proof {
    requireNonNull(signer, "signer is null");
    requireNonNull(holder, "holder is null");
    requireNonNull(until, "until is null");
    notes = List.copyOf(notes);
  }

  /// A proof in which nothing was found wanting.
  public Proof(TrustedSigner signer, Holder holder, Instant until, @Nullable Statement statement) {
    this(signer, holder, until, statement, List.of());
  }
}
