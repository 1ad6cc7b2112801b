package dev.referee.verify.notation;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A signature of Notary that is proven, as far as its trust asks.
///
/// @param signer the certificate of whoever signed
/// @param artifact what was signed; its annotations are the signer's own notes
/// @param until when the proof ceases to hold by itself: an expiry, the end of a certificate, that
///   of what is known about revocation. [Instant#MAX], never
/// @param failures validations that failed and are not enforced, each with a sentence
public record NotationSignature(
    X509Certificate signer, Descriptor artifact, Instant until, Map<Validation, String> failures) {
  public NotationSignature {
    requireNonNull(signer, "signer is null");
    requireNonNull(artifact, "artifact is null");
    requireNonNull(until, "until is null");
    failures = Map.copyOf(failures);
  }

  /// The signer's name, as people read it.
  public String subject() {
    return signer.getSubjectX500Principal().getName();
  }

  /// The failures as sentences, in the order of the validations.
  public List<String> notes() {
    return failures.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> "not enforced: " + entry.getValue())
        .toList();
  }
}
