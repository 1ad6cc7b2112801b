package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.Statement;
import dev.referee.verify.trust.CertificateClaim;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a bundle has proven.
///
/// @param claims who signed, as a certificate says; none for a key
/// @param times at which the signature is proven to have existed
/// @param statement what was said about the artifact; null, the artifact itself was signed
/// @param until when it ceases to be proven; [Instant#MAX], never
public record VerifiedBundle(
    Map<CertificateClaim, String> claims,
    List<Instant> times,
    @Nullable Statement statement,
    Instant until) {
  public VerifiedBundle {
    claims = Map.copyOf(requireNonNull(claims, "claims is null"));
    times = List.copyOf(times);
    requireNonNull(until, "until is null");
  }

  VerifiedBundle(
      Map<CertificateClaim, String> claims, List<Instant> times, @Nullable Statement statement) {
    this(claims, times, statement, Instant.MAX);
  }
}
