package dev.referee.verify.notation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.referee.oci.Descriptor;
import dev.referee.oci.MediaType;
import dev.referee.verify.cbor.CborWriter;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Issued;
import dev.referee.verify.pki.Timestamper;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Providers;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an envelope is to have, in either encoding. A new shape is what a client makes; tests
/// change it.
public final class EnvelopeShape {
  static final Descriptor ARTIFACT =
      Descriptor.of(MediaType.OCI_MANIFEST, "an image's manifest".getBytes(UTF_8));
  static final Instant SIGNED = CertificateShape.NOW.minusSeconds(3600);

  private static final JsonMapper JSON = new JsonMapper();

  /// The two encodings.
  public enum Format {
    JWS,
    COSE;

    /// What layers with such an envelope are of.
    public MediaType type() {
      return switch (this) {
        case JWS -> Envelope.JWS;
        case COSE -> Envelope.COSE;
      };
    }
  }

  private final Format format;
  private final Issued signer;
  private List<X509Certificate> chain;
  private EnvelopeAlgorithm algorithm;
  private @Nullable Object algorithmLabel;
  private @Nullable Object contentType = Headers.PAYLOAD_TYPE;
  private final Map<Object, Object> signed = new LinkedHashMap<>();
  private final Map<Object, Object> unsigned = new LinkedHashMap<>();
  private @Nullable List<?> critical;
  private byte[] payload = payload(ARTIFACT);
  private @Nullable Timestamper timestamper;
  private Instant timestamp = SIGNED;
  private UnaryOperator<byte[]> stamped = UnaryOperator.identity();
  private UnaryOperator<byte[]> signature = UnaryOperator.identity();

  /// A shape as clients make it.
  public EnvelopeShape(Format format, Issued signer) {
    this.format = format;
    this.signer = signer;
    this.chain = signer.chain();
    this.algorithm = algorithm(signer.certificate());
    signed.put(Headers.SIGNING_SCHEME, "notary.x509");
    signed.put(Headers.SIGNING_TIME, SIGNED);
    unsigned.put(Headers.SIGNING_AGENT, "test/1.0");
  }

  private static EnvelopeAlgorithm algorithm(X509Certificate certificate) {
    try {
      return EnvelopeAlgorithm.of(certificate.getPublicKey());
    } catch (UnprovenException e) {
      // A key that must be refused signs somehow.
      return certificate.getPublicKey().getAlgorithm().equals("RSA")
          ? EnvelopeAlgorithm.PS256
          : EnvelopeAlgorithm.ES256;
    }
  }

  /// What is signed about an artifact.
  public static byte[] payload(Descriptor artifact) {
    return """
    {"targetArtifact":{"mediaType":"%s","digest":"%s","size":%d,"annotations":{"build":"7"}}}\
    """
        .formatted(artifact.mediaType(), artifact.digest(), artifact.size())
        .getBytes(UTF_8);
  }

  /// By an authority that tells the time.
  public EnvelopeShape bySigningAuthority(Instant time) {
    signed.remove(Headers.SIGNING_TIME);
    signed.put(Headers.SIGNING_SCHEME, "notary.x509.signingAuthority");
    signed.put(Headers.AUTHENTIC_SIGNING_TIME, time);
    return this;
  }

  /// When the signer says that it was, which nobody believes.
  public EnvelopeShape signedAt(Instant time) {
    return header(Headers.SIGNING_TIME, time);
  }

  EnvelopeShape expiry(Instant time) {
    return header(Headers.EXPIRY, time);
  }

  /// A signed header; null takes it away.
  public EnvelopeShape header(Object name, @Nullable Object value) {
    if (value == null) {
      signed.remove(name);
    } else {
      signed.put(name, value);
    }
    return this;
  }

  EnvelopeShape unsigned(Object name, Object value) {
    unsigned.put(name, value);
    return this;
  }

  /// The list of critical headers, instead of the right one.
  EnvelopeShape critical(Object... names) {
    critical = List.of(names);
    return this;
  }

  /// What the envelope says about its algorithm, whatever it is signed with.
  EnvelopeShape says(Object label) {
    algorithmLabel = label;
    return this;
  }

  EnvelopeShape signedWith(EnvelopeAlgorithm other) {
    algorithm = other;
    return this;
  }

  EnvelopeShape contentType(@Nullable Object type) {
    contentType = type;
    return this;
  }

  EnvelopeShape chain(X509Certificate... certificates) {
    chain = List.of(certificates);
    return this;
  }

  /// With other content.
  public EnvelopeShape payload(byte[] bytes) {
    payload = bytes;
    return this;
  }

  EnvelopeShape payload(String json) {
    return payload(json.getBytes(UTF_8));
  }

  /// With a timestamp of its signature.
  public EnvelopeShape timestamp(Timestamper authority, Instant time) {
    timestamper = authority;
    timestamp = time;
    return this;
  }

  /// The timestamp is of something else than the signature.
  EnvelopeShape stamping(UnaryOperator<byte[]> change) {
    stamped = change;
    return this;
  }

  EnvelopeShape signature(UnaryOperator<byte[]> change) {
    signature = change;
    return this;
  }

  /// Signs it.
  public byte[] bytes() {
    return switch (format) {
      case JWS -> jws();
      case COSE -> CborWriter.write(new CborWriter.Tag(18, coseParts()));
    };
  }

  private byte[] jws() {
    var header = new LinkedHashMap<String, Object>();
    header.put("alg", algorithmLabel == null ? algorithm.name() : algorithmLabel);
    header.put("crit", criticalNames());
    if (contentType != null) {
      header.put("cty", contentType);
    }
    signed.forEach((name, value) -> header.put(name.toString(), jsonValue(value)));
    var protectedText = base64Url(json(header));
    var payloadText = base64Url(payload);
    var signatureBytes =
        signature.apply(sign((protectedText + "." + payloadText).getBytes(US_ASCII)));
    var all = new LinkedHashMap<String, Object>();
    all.put("payload", payloadText);
    all.put("protected", protectedText);
    var bare = new LinkedHashMap<String, Object>();
    bare.put("x5c", chain.stream().map(one -> base64(der(one))).toList());
    if (timestamper != null) {
      bare.put(Headers.TIMESTAMP_SIGNATURE, base64(token(timestamper, signatureBytes)));
    }
    unsigned.forEach((name, value) -> bare.put(name.toString(), jsonValue(value)));
    all.put("header", bare);
    all.put("signature", base64Url(signatureBytes));
    return json(all);
  }

  /// The four parts of a COSE_Sign1.
  List<Object> coseParts() {
    var header = new LinkedHashMap<Object, Object>();
    header.put(1, algorithmLabel == null ? algorithm.coseLabel() : algorithmLabel);
    header.put(2, criticalNames());
    if (contentType != null) {
      header.put(3, contentType);
    }
    header.putAll(signed);
    var protectedBytes = CborWriter.write(header);
    var toBeSigned = CborWriter.write(List.of("Signature1", protectedBytes, new byte[0], payload));
    var signatureBytes = signature.apply(sign(toBeSigned));
    var bare = new LinkedHashMap<Object, Object>();
    if (!chain.isEmpty()) {
      bare.put(33, chain.stream().map(EnvelopeShape::der).toList());
    }
    if (timestamper != null) {
      bare.put(Headers.TIMESTAMP_SIGNATURE, token(timestamper, signatureBytes));
    }
    bare.putAll(unsigned);
    return new ArrayList<>(List.of(protectedBytes, bare, payload, signatureBytes));
  }

  private List<?> criticalNames() {
    if (critical != null) {
      return critical;
    }
    return signed.keySet().stream()
        .filter(
            List.of(Headers.SIGNING_SCHEME, Headers.AUTHENTIC_SIGNING_TIME, Headers.EXPIRY)
                ::contains)
        .toList();
  }

  private byte[] token(Timestamper authority, byte[] signatureBytes) {
    return authority.token(stamped.apply(signatureBytes), timestamp);
  }

  private byte[] sign(byte[] message) {
    try {
      var key = signer.keys().getPrivate();
      var signature =
          switch (algorithm) {
            case PS256 -> pss("SHA-256", 32);
            case PS384 -> pss("SHA-384", 48);
            case PS512 -> pss("SHA-512", 64);
            case ES256 -> plain("SHA256withPLAIN-ECDSA");
            case ES384 -> plain("SHA384withPLAIN-ECDSA");
            case ES512 -> plain("SHA512withPLAIN-ECDSA");
          };
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Signature plain(String name) throws GeneralSecurityException {
    return Signature.getInstance(name, Providers.BOUNCY_CASTLE);
  }

  private static Signature pss(String hash, int salt) throws GeneralSecurityException {
    var signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1));
    return signature;
  }

  private static Object jsonValue(Object value) {
    return value instanceof Instant time ? time.toString() : value;
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
