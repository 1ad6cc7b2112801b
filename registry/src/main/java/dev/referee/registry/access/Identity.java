package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A caller, and by what it proved who it is.
///
/// @param passwordMark of the password; null without one
/// @param certificate of the connection; null where that was not what counted
/// @param until when what it showed ends
record Identity(
    Caller caller,
    @Nullable String passwordMark,
    @Nullable X509Certificate certificate,
    Instant until) {
  Identity {
    requireNonNull(caller, "caller is null");
    requireNonNull(until, "until is null");
  }

  static Identity of(Caller caller) {
    return new Identity(caller, null, null, Instant.MAX);
  }

  /// What goes into a token for this caller.
  ///
  /// @throws CertificateEncodingException where the certificate has no bytes
  TokenHolder holder() throws CertificateEncodingException {
    return new TokenHolder(
        caller.name(), passwordMark, certificate == null ? null : thumbprint(certificate));
  }

  /// The hash of a certificate, as `x5t#S256` of RFC 8705 section 3.1.
  static String thumbprint(X509Certificate certificate) throws CertificateEncodingException {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has SHA-256", e);
    }
  }
}
