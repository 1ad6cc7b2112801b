package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISSING;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.TimestampVerifier;
import dev.referee.verify.sigstore.TimestampVerifier.ProvenTimestamp;
import dev.referee.verify.trust.Issuers;
import dev.referee.verify.trust.TrustedAuthority;
import dev.referee.verify.trust.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves by an RFC 3161 token when an envelope had been signed (trust-store-trust-policy.md,
/// "Validate Trusted Timestamp").
final class Countersignature {
  /// A trust store says whom to trust, not since when.
  private static final Window ALWAYS = new Window(Instant.EPOCH, null);

  private Countersignature() {}

  /// Proves the time.
  ///
  /// @param token what the envelope carries; null, nothing
  /// @param authorities those of trust stores `tsa`
  /// @throws UnprovenException with `TIMESTAMP_*`
  static ProvenTimestamp verify(
      byte @Nullable [] token, byte[] signature, List<X509Certificate> authorities)
      throws UnprovenException {
    if (token == null) {
      throw new UnprovenException(TIMESTAMP_MISSING, "it has no timestamp");
    }
    var trusted =
        authorities.stream()
            .map(
                root ->
                    new TrustedAuthority(
                        root.getSubjectX500Principal().getName(), List.of(root), ALWAYS))
            .toList();
    var timestamp =
        TimestampVerifier.verifyToken(token, signature, trusted)
            .orElseThrow(
                () ->
                    new UnprovenException(
                        TIMESTAMP_UNTRUSTED,
                        "its timestamp is by an authority that is not trusted"));
    try {
      CertificateRules.check(
          timestamp.chain(), CertificateRules.Purpose.TIMESTAMPING, Issuers.nobodys());
    } catch (UnprovenException e) {
      throw new UnprovenException(TIMESTAMP_INVALID, "of its timestamp, " + e.sentence());
    }
    return timestamp;
  }
}
