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
public record VerifiedBundle(
    Map<CertificateClaim, String> claims, List<Instant> times, @Nullable Statement statement) {
  public VerifiedBundle {
    claims = Map.copyOf(requireNonNull(claims, "claims is null"));
    times = List.copyOf(times);
  }
}
