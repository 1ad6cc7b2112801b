package dev.referee.verify.revocation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_REVOKED;
import static dev.referee.verify.decision.Reason.REVOCATION_UNKNOWN;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds out whether certificates were taken back (Notary Project, trust-store-trust-policy.md,
/// "Certificate Revocation Evaluation"): responders first, lists where they do not help. A
/// certificate that names neither cannot be taken back.
public final class RevocationCheck {
  private final RevocationSource source;
  private final Instant now;

  /// @param source where it is looked up
  /// @param now the time at which answers and lists have to hold
  public RevocationCheck(RevocationSource source, Instant now) {
    this.source = requireNonNull(source, "source is null");
    this.now = requireNonNull(now, "now is null");
  }

  /// Checks a chain, from the top to the signer's own.
  ///
  /// @param chain from the lowest certificate to the root, each issued by the next
  /// @param signedAt when the signature had been made, by somebody who is trusted; null, nobody
  ///   says
  /// @return until when the answer holds; [Instant#MAX], for ever
  /// @throws UnprovenException with `CERTIFICATE_REVOKED` or `REVOCATION_UNKNOWN`; nothing else
  ///   escapes for any input
  public Instant check(List<X509Certificate> chain, @Nullable Instant signedAt)
      throws UnprovenException {
    var until = Instant.MAX;
    for (int i = chain.size() - 2; i >= 0; i--) {
      var holds = check(chain.get(i), chain.get(i + 1), signedAt);
      until = holds.isBefore(until) ? holds : until;
    }
    return until;
  }

  private Instant check(
      X509Certificate certificate, X509Certificate issuer, @Nullable Instant signedAt)
      throws UnprovenException {
    try {
      return switch (status(certificate, issuer, signedAt)) {
        case RevocationStatus.Good good -> good.until();
        case RevocationStatus.Revoked revoked ->
            throw new UnprovenException(
                CERTIFICATE_REVOKED,
                "the certificate of %s was revoked at %s"
                    .formatted(name(certificate), revoked.since()));
      };
    } catch (RevocationUnavailableException e) {
      throw new UnprovenException(
          REVOCATION_UNKNOWN,
          "whether the certificate of %s was revoked cannot be found out: %s"
              .formatted(name(certificate), e.getMessage()));
    }
  }

  private RevocationStatus status(
      X509Certificate certificate, X509Certificate issuer, @Nullable Instant signedAt)
      throws RevocationUnavailableException {
    var addresses = RevocationAddresses.of(certificate);
    if (!addresses.named()) {
      return new RevocationStatus.Good(Instant.MAX);
    }
    if (!addresses.responders().isEmpty()) {
      try {
        return new OcspLookup(source, now)
            .status(certificate, issuer, addresses.responders(), signedAt);
      } catch (RevocationUnavailableException e) {
        if (addresses.lists().isEmpty()) {
          throw e;
        }
      }
    }
    return new ListLookup(source, now).status(certificate, issuer, addresses.lists(), signedAt);
  }

  private static String name(X509Certificate certificate) {
    var name = certificate.getSubjectX500Principal().getName();
    return name.length() <= 100 ? name : name.substring(0, 100) + "...";
  }
}
