package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.MediaType;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An envelope: parsed, not proven.
///
/// @param algorithm how it says it is signed
/// @param headers what it says under its signature
/// @param certificates from the signer's own to the root
/// @param timestamp an RFC 3161 token; null, none
/// @param payload what is signed
/// @param signedBytes what the signature is over
/// @param signature the signature
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record Envelope(
    EnvelopeAlgorithm algorithm,
    Headers headers,
    List<X509Certificate> certificates,
    byte @Nullable [] timestamp,
    byte[] payload,
    byte[] signedBytes,
    byte[] signature) {
  static final MediaType JWS = MediaType.of("application/jose+json");
  static final MediaType COSE = MediaType.of("application/cose");

  /// Those of the wild have 1 to 3.
  static final int MAX_CERTIFICATES = 8;

  Envelope {
    requireNonNull(algorithm, "algorithm is null");
    requireNonNull(headers, "headers is null");
    certificates = List.copyOf(certificates);
    requireNonNull(payload, "payload is null");
    requireNonNull(signedBytes, "signedBytes is null");
    requireNonNull(signature, "signature is null");
  }

  /// Reads an envelope of either kind.
  ///
  /// @param maxBytes more than this is refused unread
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`, `UNSUPPORTED_EVIDENCE` or
  ///   `CERTIFICATE_INVALID`
  static Envelope read(byte[] content, MediaType type, int maxBytes) throws UnprovenException {
    if (type.equals(JWS)) {
      return JwsEnvelope.read(content, maxBytes);
    }
    if (type.equals(COSE)) {
      return CoseEnvelope.read(content, maxBytes);
    }
    throw new UnprovenException(
        UNSUPPORTED_EVIDENCE, "an envelope of type %s is not read".formatted(type));
  }

  /// Checks that the holder of the first certificate signed it.
  ///
  /// @throws UnprovenException with `SIGNATURE_INVALID`
  void checkSignature() throws UnprovenException {
    var key = EnvelopeAlgorithm.key(certificates.getFirst());
    var due = EnvelopeAlgorithm.of(key);
    if (!due.equals(algorithm)) {
      throw new UnprovenException(
          SIGNATURE_INVALID,
          "the envelope says %s, and its certificate's key signs by %s".formatted(algorithm, due));
    }
    if (!due.verifies(key, signedBytes, signature)) {
      throw new UnprovenException(
          SIGNATURE_INVALID, "the signature is not that of the certificate in the envelope");
    }
  }

  static List<X509Certificate> certificates(List<byte[]> encoded) throws UnprovenException {
    if (encoded.isEmpty() || encoded.size() > MAX_CERTIFICATES) {
      throw Headers.malformed(
          "has %d certificates, not 1 to %d".formatted(encoded.size(), MAX_CERTIFICATES));
    }
    var certificates = new ArrayList<X509Certificate>();
    for (var der : encoded) {
      certificates.add(
          Certificates.read(der)
              .orElseThrow(
                  () ->
                      new UnprovenException(
                          CERTIFICATE_INVALID,
                          "the envelope has a certificate that is not in DER")));
    }
    return certificates;
  }
}
