package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.testing.tls.Pem;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What Rekor writes down about a signature, for each kind of entry. Members are in the order of
/// canonical JSON (RFC 8785).
final class EntryBodies {
  private EntryBodies() {}

  /// @param signed the artifact
  static ObjectNode hashedRekord1(
      byte[] signed, byte[] signature, SeededKey key, @Nullable X509Certificate certificate) {
    var body = body("hashedrekord", "0.0.1");
    var spec = body.putObject("spec");
    spec.putObject("data")
        .putObject("hash")
        .put("algorithm", "sha256")
        .put("value", HexFormat.of().formatHex(sha256(signed)));
    var record = spec.putObject("signature");
    record.put("content", base64(signature));
    record.putObject("publicKey").put("content", base64(pem(key, certificate)));
    return body;
  }

  /// @param signed what the signature is over: the artifact, or an envelope's encoding
  static ObjectNode hashedRekord2(
      byte[] signed, byte[] signature, SeededKey key, @Nullable X509Certificate certificate) {
    var body = body("hashedrekord", "0.0.2");
    var spec = body.putObject("spec").putObject("hashedRekordV002");
    spec.putObject("data").put("algorithm", "SHA2_256").put("digest", base64(sha256(signed)));
    var record = spec.putObject("signature");
    record.put("content", base64(signature));
    var verifier = record.putObject("verifier");
    verifier.put("keyDetails", "PKIX_ECDSA_P256_SHA_256");
    verifier
        .putObject(certificate == null ? "publicKey" : "x509Certificate")
        .put("rawBytes", base64(certificate == null ? key.encoded() : der(certificate)));
    return body;
  }

  /// @param envelope in JSON, as it was sent
  static ObjectNode dsse(
      byte[] envelope,
      byte[] payload,
      byte[] signature,
      SeededKey key,
      @Nullable X509Certificate certificate) {
    var body = body("dsse", "0.0.1");
    var spec = body.putObject("spec");
    hash(spec.putObject("envelopeHash"), envelope);
    hash(spec.putObject("payloadHash"), payload);
    spec.putArray("signatures")
        .addObject()
        .put("signature", base64(signature))
        .put("verifier", base64(pem(key, certificate)));
    return body;
  }

  /// The kind before that.
  static ObjectNode inToto(
      String payloadType,
      byte[] payload,
      byte[] signature,
      SeededKey key,
      @Nullable X509Certificate certificate) {
    var body = body("intoto", "0.0.2");
    var content = body.putObject("spec").putObject("content");
    var envelope = content.putObject("envelope");
    envelope.put("payloadType", payloadType);
    envelope
        .putArray("signatures")
        .addObject()
        .put("publicKey", base64(pem(key, certificate)))
        // In base64 twice.
        .put("sig", base64(base64(signature).getBytes(US_ASCII)));
    hash(content.putObject("hash"), payload);
    hash(content.putObject("payloadHash"), payload);
    return body;
  }

  private static ObjectNode body(String kind, String version) {
    return JsonNodeFactory.instance.objectNode().put("apiVersion", version).put("kind", kind);
  }

  private static void hash(ObjectNode hash, byte[] content) {
    hash.put("algorithm", "sha256").put("value", HexFormat.of().formatHex(sha256(content)));
  }

  private static byte[] pem(SeededKey key, @Nullable X509Certificate certificate) {
    return (certificate == null ? key.publicKeyPem() : Pem.of(certificate)).getBytes(US_ASCII);
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("what was just built has an encoding", e);
    }
  }

  private static byte[] sha256(byte[] content) {
    return DigestAlgorithm.SHA256.newHasher().digest(content);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
