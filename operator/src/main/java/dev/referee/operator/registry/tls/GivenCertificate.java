package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A certificate that a registry's user brings in a Secret of type `kubernetes.io/tls`.
public final class GivenCertificate {
  private GivenCertificate() {}

  /// What is wrong with it, as the end of a sentence about the Secret; empty, nothing.
  ///
  /// @param secret what the Secret has
  /// @param host the name by which images name the registry
  public static String problem(Map<String, byte[]> secret, String host, Instant now) {
    var read =
        RegistryCertificates.read(
            secret, RegistryCertificates.CERTIFICATE, RegistryCertificates.KEY);
    if (read.isEmpty()) {
      return "has no certificate in tls.crt or no key in tls.key that could be read";
    }
    var given = read.get();
    if (!given.isPair()) {
      return "has a key in tls.key that is not of the certificate in tls.crt";
    }
    if (!now.isBefore(given.notAfter())) {
      return "has a certificate that ended at %s".formatted(given.notAfter());
    }
    var missing = SubjectNames.missing(given.certificate(), List.of(host));
    return missing.isEmpty()
        ? ""
        : "has a certificate that does not name %s among its DNS names".formatted(missing);
  }

  /// When it ends.
  public static Instant until(Map<String, byte[]> secret) {
    return RegistryCertificates.read(
            secret, RegistryCertificates.CERTIFICATE, RegistryCertificates.KEY)
        .map(CertifiedKey::notAfter)
        .orElse(Instant.EPOCH);
  }

  /// The certificates of its authority, where the Secret has them; empty otherwise, as for a
  /// publicly trusted one.
  public static String bundle(Map<String, byte[]> secret) {
    var pem = secret.getOrDefault(RegistryCertificates.BUNDLE, new byte[0]);
    return Pem.certificates(pem).isEmpty() ? "" : new String(pem, UTF_8);
  }
}
