package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;

import dev.referee.api.v1alpha1.HashAlgorithm;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.BundleMembers;
import dev.referee.verify.signature.DsseEnvelope;
import dev.referee.verify.signature.StrictBase64;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads Sigstore bundles in their JSON form, strictly and within bounds: nothing that is not known
/// to be checked stands in one.
public final class BundleReader {
  private static final int MAX_CERTIFICATES = 8;
  private static final int MAX_TIMESTAMPS = 8;

  private static final Map<String, Bundle.Version> VERSIONS =
      Map.of(
          "application/vnd.dev.sigstore.bundle+json;version=0.1", Bundle.Version.V0_1,
          "application/vnd.dev.sigstore.bundle+json;version=0.2", Bundle.Version.V0_2,
          "application/vnd.dev.sigstore.bundle+json;version=0.3", Bundle.Version.V0_3,
          "application/vnd.dev.sigstore.bundle.v0.3+json", Bundle.Version.V0_3);

  private BundleReader() {}

  /// Reads a bundle.
  ///
  /// @param maxBytes more than this is refused unread
  /// @throws UnprovenException with `MALFORMED_EVIDENCE`, `UNSUPPORTED_EVIDENCE` or
  ///   `CERTIFICATE_INVALID`
  public static Bundle read(byte[] content, int maxBytes) throws UnprovenException {
    try {
      var fields = StrictJson.readObject(content, maxBytes);
      var version = version(fields.text("mediaType"));
      BundleMembers.check(fields);
      var material = fields.object("verificationMaterial");
      return new Bundle(
          version,
          content(fields),
          material(material),
          LogEntryReader.read(material),
          timestamps(material));
    } catch (MalformedContentException e) {
      throw malformed("the bundle is malformed: " + e.getMessage());
    }
  }

  private static Bundle.Version version(String mediaType) throws UnprovenException {
    var version = VERSIONS.get(mediaType);
    if (version == null) {
      throw new UnprovenException(
          UNSUPPORTED_EVIDENCE,
          "a bundle of type %s is not read"
              .formatted(mediaType.substring(0, Math.min(mediaType.length(), 100))));
    }
    return version;
  }

  private static Bundle.Content content(JsonFields fields) throws UnprovenException {
    if (fields.has("dsseEnvelope") == fields.has("messageSignature")) {
      throw malformed("the bundle has not one of an envelope and a message signature");
    }
    if (fields.has("dsseEnvelope")) {
      var envelope = DsseEnvelope.read(fields.object("dsseEnvelope"));
      // The bundle's material speaks of one signature, so there must not be a choice.
      if (envelope.signatureCount() != 1) {
        throw malformed(
            "the bundle's envelope has %d signatures, not 1".formatted(envelope.signatureCount()));
      }
      return new Bundle.Content.Envelope(envelope);
    }
    var message = fields.object("messageSignature");
    var digest = message.optionalObject("messageDigest");
    return new Bundle.Content.Message(
        digest == null
            ? null
            : new Bundle.Hint(
                algorithm(digest.text("algorithm")),
                StrictBase64.decode(digest.text("digest"), "digest")),
        StrictBase64.decode(message.text("signature"), "signature"));
  }

  private static HashAlgorithm algorithm(String name) throws UnprovenException {
    return switch (name) {
      case "SHA2_256" -> HashAlgorithm.SHA256;
      case "SHA2_384" -> HashAlgorithm.SHA384;
      case "SHA2_512" -> HashAlgorithm.SHA512;
      default -> throw malformed("the bundle hashes with an algorithm that is not read");
    };
  }

  private static Bundle.Material material(JsonFields material) throws UnprovenException {
    boolean key = material.has("publicKey");
    boolean chain = material.has("x509CertificateChain");
    boolean certificate = material.has("certificate");
    if ((key ? 1 : 0) + (chain ? 1 : 0) + (certificate ? 1 : 0) != 1) {
      throw malformed("the bundle's material is not one of key and certificate");
    }
    if (key) {
      var hint = material.object("publicKey").optionalText("hint");
      return new Bundle.Material.Key(hint == null ? "" : hint);
    }
    if (certificate) {
      return new Bundle.Material.Certificate(
          certificate(material.object("certificate")), List.of());
    }
    var listed = material.object("x509CertificateChain").objects("certificates");
    if (listed.isEmpty() || listed.size() > MAX_CERTIFICATES) {
      throw malformed(
          "the bundle has %d certificates, not 1 to %d".formatted(listed.size(), MAX_CERTIFICATES));
    }
    var certificates = new ArrayList<X509Certificate>();
    for (var one : listed) {
      certificates.add(certificate(one));
    }
    return new Bundle.Material.Certificate(
        certificates.getFirst(), certificates.subList(1, certificates.size()));
  }

  private static X509Certificate certificate(JsonFields certificate) throws UnprovenException {
    return Certificates.read(StrictBase64.decode(certificate.text("rawBytes"), "rawBytes"))
        .orElseThrow(
            () ->
                new UnprovenException(
                    CERTIFICATE_INVALID, "the bundle's certificate is not one in DER"));
  }

  private static List<byte[]> timestamps(JsonFields material) throws UnprovenException {
    var data = material.optionalObject("timestampVerificationData");
    if (data == null) {
      return List.of();
    }
    var listed = data.objects("rfc3161Timestamps");
    if (listed.size() > MAX_TIMESTAMPS) {
      throw malformed(
          "the bundle has %d timestamps, at most %d are read"
              .formatted(listed.size(), MAX_TIMESTAMPS));
    }
    var timestamps = new ArrayList<byte[]>();
    for (var timestamp : listed) {
      // Clients put what command line tools print here, which breaks lines; it is the one field
      // where breaks are let through, since what it decodes to is signed as a whole.
      var text = timestamp.text("signedTimestamp").replace("\r", "").replace("\n", "");
      timestamps.add(StrictBase64.decode(text, "signedTimestamp"));
    }
    return timestamps;
  }

  private static UnprovenException malformed(String message) {
    return new UnprovenException(MALFORMED_EVIDENCE, message);
  }
}
