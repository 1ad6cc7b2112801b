package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_NOW;
import static dev.referee.verify.decision.Reason.UNTRUSTED_CERTIFICATE;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Issuers;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// The certificates of an envelope, made as the specification has them; whether anybody trusts them
/// is another question.
///
/// @param certificates from the signer's own to the root
record SigningChain(List<X509Certificate> certificates) {
  SigningChain {
    certificates = List.copyOf(certificates);
  }

  /// Takes the certificates of an envelope.
  ///
  /// @param issuers what is remembered of those who are trusted
  /// @throws UnprovenException with `CERTIFICATE_INVALID`
  static SigningChain of(List<X509Certificate> certificates, Issuers issuers)
      throws UnprovenException {
    CertificateRules.check(certificates, CertificateRules.Purpose.SIGNING, issuers);
    return new SigningChain(certificates);
  }

  X509Certificate signer() {
    return certificates.getFirst();
  }

  /// Checks that a certificate of the chain is one that is trusted. Only the stores of the
  /// envelope's scheme count: somebody with a certificate of a `ca` store must not pass for an
  /// authority that tells the time.
  ///
  /// @throws UnprovenException with `UNTRUSTED_CERTIFICATE`
  void checkTrusted(TrustStores stores, SigningScheme scheme) throws UnprovenException {
    var trusted =
        switch (scheme) {
          case X509 -> stores.authorities();
          case SIGNING_AUTHORITY -> stores.signingAuthorities();
        };
    if (certificates.stream().noneMatch(trusted::contains)) {
      throw new UnprovenException(
          UNTRUSTED_CERTIFICATE,
          "the certificate of %s leads to %s, which no trust store for this scheme has"
              .formatted(
                  signer().getSubjectX500Principal().getName(),
                  certificates.getLast().getSubjectX500Principal().getName()));
    }
  }

  /// Checks that every certificate was valid all the time from one moment to another.
  ///
  /// @throws UnprovenException with `CERTIFICATE_NOT_VALID_AT_PROVEN_TIME`
  void checkValid(Instant from, Instant to) throws UnprovenException {
    if (!isValid(from) || !isValid(to)) {
      throw new UnprovenException(
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          "it was signed at %s, when a certificate of its chain was not valid".formatted(from));
    }
  }

  /// Checks that every certificate is valid now, which is what counts when nobody who is trusted
  /// says when it was signed.
  ///
  /// @throws UnprovenException with `CERTIFICATE_NOT_VALID_NOW`
  void checkValidNow(Instant now) throws UnprovenException {
    if (!isValid(now)) {
      throw new UnprovenException(
          CERTIFICATE_NOT_VALID_NOW,
          "a certificate of its chain is not valid now, and nobody who is trusted says when it was"
              + " signed");
    }
  }

  private boolean isValid(Instant time) {
    return certificates.stream()
        .noneMatch(
            one ->
                time.isBefore(one.getNotBefore().toInstant())
                    || time.isAfter(one.getNotAfter().toInstant()));
  }

  /// When the first of them ends.
  Instant end() {
    return certificates.stream()
        .map(one -> one.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow(() -> new IllegalStateException("a chain has certificates"));
  }
}
