package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.SCT_INVALID;
import static dev.referee.verify.decision.Reason.SCT_MISSING;
import static dev.referee.verify.decision.Reason.SCT_UNTRUSTED;
import static dev.referee.verify.decision.Reason.TRUST_ROOT_INVALID;
import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustedLog;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;

/// Proves that a certificate is in the logs of certificates of a trust root, by the timestamps that
/// they signed before it was issued (RFC 6962 section 3.2, precertificates).
final class SctVerifier {
  private final TrustRoot root;

  SctVerifier(TrustRoot root) {
    this.root = requireNonNull(root, "root is null");
  }

  /// Checks that logs of at least so many different operators have the certificate. Timestamps of
  /// unknown logs are passed over; one of a known log that is wrong spoils the certificate.
  void verify(CertificatePath path, int required) throws UnprovenException {
    if (required == 0) {
      return;
    }
    var certificate = path.certificates().getFirst();
    var timestamps = SignedCertificateTimestamp.of(certificate);
    if (timestamps.isEmpty()) {
      throw new UnprovenException(
          SCT_MISSING, "the certificate does not prove that it is in a log of certificates");
    }
    var content = PrecertificateContent.of(certificate);
    var proven = new HashSet<Object>();
    for (var timestamp : timestamps) {
      for (var log : root.certificateLogs()) {
        if (log.hasId(timestamp.logId())) {
          verify(timestamp, log, content, path.issuer());
          proven.add(log.party());
        }
      }
    }
    checkEnough(proven, required);
  }

  private static void checkEnough(Set<Object> proven, int required) throws UnprovenException {
    if (proven.isEmpty()) {
      throw new UnprovenException(
          SCT_UNTRUSTED, "the certificate is in no log that the trust root names");
    }
    if (proven.size() < required) {
      throw new UnprovenException(
          SCT_MISSING, "the certificate is in %d of %d logs".formatted(proven.size(), required));
    }
  }

  private static void verify(
      SignedCertificateTimestamp timestamp, TrustedLog log, byte[] content, X509Certificate issuer)
      throws UnprovenException {
    switch (log.trust()) {
      case TrustedLog.Trust.Unusable unusable ->
          throw new UnprovenException(
              TRUST_ROOT_INVALID,
              "the log %s cannot be believed: %s".formatted(log.name(), unusable.problem()));
      case TrustedLog.Trust.Usable usable -> {
        var issuerKey = Hashes.of(HashAlgorithm.SHA256, issuer.getPublicKey().getEncoded());
        if (!usable
            .key()
            .verifies(timestamp.signedContent(issuerKey, content), timestamp.signature())) {
          throw new UnprovenException(
              SCT_INVALID, "the log %s did not sign for this certificate".formatted(log.name()));
        }
        if (!usable.window().contains(timestamp.time())) {
          throw new UnprovenException(
              SCT_INVALID,
              "the log %s signed at %s, it is trusted %s"
                  .formatted(log.name(), timestamp.time(), usable.window()));
        }
      }
    }
  }
}
