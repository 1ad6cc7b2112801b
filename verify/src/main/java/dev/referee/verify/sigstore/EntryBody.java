package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISMATCH;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.StrictBase64;
import dev.referee.verify.signature.UnprovenException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an entry of a Rekor log says, compared with the signature that it is presented for. That an
/// entry exists proves nothing: it has to be about this signature, by this signer, over this
/// content (CVE-2022-23649, CVE-2026-22703).
final class EntryBody {
  private static final int MAX_BYTES = 24 * 1024 * 1024;

  private EntryBody() {}

  /// @throws UnprovenException with `LOG_ENTRY_MISMATCH`, or because the entry cannot be read
  static void checkAbout(LogEntry entry, Signed signed) throws UnprovenException {
    try {
      var body = StrictJson.readObject(entry.body(), MAX_BYTES);
      if (!body.text("kind").equals(entry.kind())
          || !body.text("apiVersion").equals(entry.version())) {
        throw mismatch("is of another kind than the bundle says");
      }
      var spec = body.object("spec");
      switch (entry.kind() + " " + entry.version()) {
        case "hashedrekord 0.0.1" -> hashedRekord1(spec, signed);
        case "hashedrekord 0.0.2" -> hashedRekord2(spec.object("hashedRekordV002"), signed);
        case "dsse 0.0.1" -> dsse(spec, signed);
        case "intoto 0.0.2" -> inToto(spec.object("content"), signed);
        default ->
            throw new UnprovenException(
                UNSUPPORTED_EVIDENCE,
                "a log entry of kind %s %s is not read"
                    .formatted(brief(entry.kind()), brief(entry.version())));
      }
    } catch (MalformedContentException e) {
      throw new UnprovenException(
          MALFORMED_EVIDENCE, "the log entry is malformed: " + e.getMessage());
    }
  }

  private static void hashedRekord1(JsonFields spec, Signed signed) throws UnprovenException {
    if (!(signed.content() instanceof Signed.SignedContent.Message message)) {
      throw mismatch("is about an artifact, not about an envelope");
    }
    var hash = spec.object("data").object("hash");
    checkHash(message, algorithm(hash.text("algorithm")), hex(hash.text("value")));
    var signature = spec.object("signature");
    checkSignature(bytes(signature, "content"), signed);
    checkSigner(bytes(signature.object("publicKey"), "content"), signed);
  }

  /// Rekor v2: the hash is of what the signature is over, which for an envelope is its
  /// pre-authentication encoding.
  private static void hashedRekord2(JsonFields record, Signed signed) throws UnprovenException {
    var data = record.object("data");
    checkHash(signed.content(), algorithm(data.text("algorithm")), bytes(data, "digest"));
    var signature = record.object("signature");
    checkSignature(bytes(signature, "content"), signed);
    var verifier = signature.object("verifier");
    if (verifier.has("x509Certificate") == verifier.has("publicKey")) {
      throw mismatch("has not one of a certificate and a key");
    }
    boolean same =
        verifier.has("x509Certificate")
            ? same(bytes(verifier.object("x509Certificate"), "rawBytes"), signed.certificate())
            : signed.certificate() == null
                && same(bytes(verifier.object("publicKey"), "rawBytes"), signed.key());
    if (!same) {
      throw mismatch("is about a signature by somebody else");
    }
  }

  private static void dsse(JsonFields spec, Signed signed) throws UnprovenException {
    var envelope = envelope(signed);
    checkPayload(spec.object("payloadHash"), envelope);
    var signature = only(spec.objects("signatures"));
    checkSignature(bytes(signature, "signature"), signed);
    checkSigner(bytes(signature, "verifier"), signed);
  }

  private static void inToto(JsonFields content, Signed signed) throws UnprovenException {
    var envelope = envelope(signed);
    checkPayload(content.object("payloadHash"), envelope);
    var logged = content.object("envelope");
    if (!logged.text("payloadType").equals(envelope.payloadType())) {
      throw mismatch("is about a payload of another type");
    }
    var signature = only(logged.objects("signatures"));
    // Rekor keeps the base64 of the base64.
    var sig = new String(bytes(signature, "sig"), ISO_8859_1);
    byte[] decoded;
    try {
      decoded = StrictBase64.decode(sig, "sig");
    } catch (UnprovenException e) {
      throw mismatch("has a signature that is not in base64 twice");
    }
    checkSignature(decoded, signed);
    checkSigner(bytes(signature, "publicKey"), signed);
  }

  private static Signed.SignedContent.Envelope envelope(Signed signed) throws UnprovenException {
    if (signed.content() instanceof Signed.SignedContent.Envelope envelope) {
      return envelope;
    }
    throw mismatch("is about an envelope, not about an artifact");
  }

  private static JsonFields only(List<JsonFields> signatures) throws UnprovenException {
    if (signatures.size() != 1) {
      throw mismatch("has %d signatures, not 1".formatted(signatures.size()));
    }
    return signatures.getFirst();
  }

  private static void checkPayload(JsonFields hash, Signed.SignedContent.Envelope envelope)
      throws UnprovenException {
    var algorithm = algorithm(hash.text("algorithm"));
    if (!Arrays.equals(Hashes.of(algorithm, envelope.payload()), hex(hash.text("value")))) {
      throw mismatch("is about another payload");
    }
  }

  private static void checkHash(Signed.SignedContent content, HashAlgorithm algorithm, byte[] hash)
      throws UnprovenException {
    var expected = content.hash(algorithm);
    if (expected.isEmpty() || !Arrays.equals(expected.get(), hash)) {
      throw mismatch("is about another artifact");
    }
  }

  private static void checkSignature(byte[] signature, Signed signed) throws UnprovenException {
    if (!Arrays.equals(signature, signed.signature())) {
      throw mismatch("is about another signature");
    }
  }

  private static void checkSigner(byte[] pem, Signed signed) throws UnprovenException {
    var block = LoggedPem.read(pem);
    boolean same =
        switch (block.label()) {
          case "CERTIFICATE" -> same(block.der(), signed.certificate());
          case "PUBLIC KEY" -> signed.certificate() == null && same(block.der(), signed.key());
          default -> false;
        };
    if (!same) {
      throw mismatch("is about a signature by somebody else");
    }
  }

  private static boolean same(byte[] one, byte @Nullable [] other) {
    return Arrays.equals(one, other);
  }

  private static HashAlgorithm algorithm(String name) throws UnprovenException {
    return switch (name) {
      case "sha256", "SHA2_256" -> HashAlgorithm.SHA256;
      case "sha384", "SHA2_384" -> HashAlgorithm.SHA384;
      case "sha512", "SHA2_512" -> HashAlgorithm.SHA512;
      default -> throw mismatch("hashes with " + brief(name));
    };
  }

  private static byte[] hex(String text) throws UnprovenException {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new UnprovenException(MALFORMED_EVIDENCE, "a hash of the log entry is not hexadecimal");
    }
  }

  private static byte[] bytes(JsonFields fields, String name) throws UnprovenException {
    return StrictBase64.decode(fields.text(name), name);
  }

  private static UnprovenException mismatch(String what) {
    return new UnprovenException(LOG_ENTRY_MISMATCH, "the log entry " + what);
  }

  private static String brief(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
