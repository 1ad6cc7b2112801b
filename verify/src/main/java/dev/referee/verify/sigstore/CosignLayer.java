package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.CosignAnnotations;
import dev.referee.verify.signature.DsseEnvelope;
import dev.referee.verify.signature.StrictBase64;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.PemCertificates;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what cosign's older forms spread over a layer and its annotations as what a bundle of the
/// first version would say: the log's promise is all there is of an entry.
public final class CosignLayer {
  private static final int MAX_ANNOTATION = 32 << 20;
  private static final int MAX_CERTIFICATES = 8;

  private CosignLayer() {}

  /// A layer of a `.sig` tag.
  ///
  /// @param payload the signed bytes
  /// @throws UnprovenException with `MALFORMED_EVIDENCE` or `CERTIFICATE_INVALID`
  public static Presented ofSignature(
      byte[] payload, byte[] signature, CosignAnnotations annotations) throws UnprovenException {
    return Presented.of(
        bundle(new Bundle.Content.Message(null, signature), annotations),
        new Artifact.Content(payload));
  }

  /// A layer of an `.att` tag. Its timestamps are of the signature, or, as older clients made them,
  /// of the whole layer, which contains it.
  ///
  /// @throws UnprovenException with `MALFORMED_EVIDENCE` or `CERTIFICATE_INVALID`
  public static Presented ofAttestation(
      DsseEnvelope envelope, byte[] layer, CosignAnnotations annotations, Digest artifact)
      throws UnprovenException {
    // The annotations speak of one signature, so there must not be a choice.
    if (envelope.signatureCount() != 1) {
      throw malformed("the envelope has %d signatures, not 1".formatted(envelope.signatureCount()));
    }
    return new Presented(
        bundle(new Bundle.Content.Envelope(envelope), annotations),
        new Artifact.Named(artifact),
        List.of(envelope.signature(), layer));
  }

  private static Bundle bundle(Bundle.Content content, CosignAnnotations annotations)
      throws UnprovenException {
    try {
      return new Bundle(
          Bundle.Version.V0_1,
          content,
          material(annotations),
          entries(annotations.bundle()),
          timestamps(annotations.timestamp()));
    } catch (MalformedContentException e) {
      throw malformed("an annotation of the layer is malformed: " + e.getMessage());
    }
  }

  private static Bundle.Material material(CosignAnnotations annotations) throws UnprovenException {
    if (annotations.certificate() == null) {
      return new Bundle.Material.Key("");
    }
    var leaf = certificates(annotations.certificate());
    if (leaf.size() != 1) {
      throw malformed("the layer has %d certificates, not 1".formatted(leaf.size()));
    }
    var chain =
        annotations.chain() == null
            ? List.<X509Certificate>of()
            : certificates(annotations.chain()).stream()
                // Whom to trust is not for the layer to say; cosign writes the root all the same.
                .filter(certificate -> !PemCertificates.isSelfIssued(certificate))
                .toList();
    if (chain.size() > MAX_CERTIFICATES) {
      throw malformed(
          "the layer has %d certificates above the signer's, %d are read"
              .formatted(chain.size(), MAX_CERTIFICATES));
    }
    return new Bundle.Material.Certificate(leaf.getFirst(), chain);
  }

  private static List<X509Certificate> certificates(String pem) throws UnprovenException {
    try {
      return PemCertificates.read(pem);
    } catch (UnusableTrustRootException e) {
      throw new UnprovenException(
          CERTIFICATE_INVALID, "a certificate of the layer is not one: " + e.getMessage());
    }
  }

  private static List<LogEntry> entries(@Nullable String annotation) throws UnprovenException {
    if (annotation == null) {
      return List.of();
    }
    var answer = StrictJson.readObject(annotation.getBytes(UTF_8), MAX_ANNOTATION);
    var payload = answer.object("Payload");
    var body = StrictBase64.decode(payload.text("body"), "body");
    var claimed = StrictJson.readObject(body, MAX_ANNOTATION);
    long index = payload.wholeNumber("logIndex");
    long time = payload.wholeNumber("integratedTime");
    if (index < 0 || time < 0) {
      throw malformed("the log entry has a negative index or time");
    }
    return List.of(
        new LogEntry(
            index,
            hex(payload.text("logID")),
            claimed.text("kind"),
            claimed.text("apiVersion"),
            time,
            StrictBase64.decode(answer.text("SignedEntryTimestamp"), "SignedEntryTimestamp"),
            null,
            body));
  }

  private static List<byte[]> timestamps(@Nullable String annotation) throws UnprovenException {
    if (annotation == null) {
      return List.of();
    }
    var answer = StrictJson.readObject(annotation.getBytes(UTF_8), MAX_ANNOTATION);
    return List.of(
        StrictBase64.decode(answer.text("SignedRFC3161Timestamp"), "SignedRFC3161Timestamp"));
  }

  private static byte[] hex(String text) throws UnprovenException {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw malformed("the log's id is not hexadecimal");
    }
  }

  private static UnprovenException malformed(String message) {
    return new UnprovenException(MALFORMED_EVIDENCE, message);
  }
}
