package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.signature.UnprovenException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Reads envelopes in JWS, in its flattened JSON serialization (signature-envelope-jws.md; RFC 7515
/// section 7.2.2), strictly.
final class JwsEnvelope {
  private static final Set<String> MEMBERS = Set.of("payload", "protected", "header", "signature");
  private static final String X5C = "x5c";
  private static final Set<String> UNSIGNED =
      Set.of(X5C, Headers.TIMESTAMP_SIGNATURE, Headers.SIGNING_AGENT);

  /// Registered names (RFC 7515 section 4.1, RFC 7797) that change what is signed or who signed;
  /// none of them has a place in an envelope of Notary.
  private static final Set<String> FOREIGN =
      Set.of("b64", "jku", "jwk", "kid", "typ", "x5c", "x5t", "x5t#S256", "x5u");

  private static final int MAX_TIME_CHARS = 40;

  private JwsEnvelope() {}

  static Envelope read(byte[] content, int maxBytes) throws UnprovenException {
    try {
      var fields = StrictJson.readObject(content, maxBytes);
      checkNames(fields, MEMBERS);
      var unsigned = fields.object("header");
      checkNames(unsigned, UNSIGNED);
      // Typed, though nobody looks at it.
      unsigned.optionalText(Headers.SIGNING_AGENT);
      var protectedText = fields.text("protected");
      var payloadText = fields.text("payload");
      var signed = StrictJson.readObject(base64Url(protectedText, "protected"), maxBytes);
      var timestamp = unsigned.optionalText(Headers.TIMESTAMP_SIGNATURE);
      return new Envelope(
          algorithm(signed.text("alg")),
          headers(signed),
          Envelope.certificates(chain(unsigned)),
          timestamp == null ? null : base64(timestamp, Headers.TIMESTAMP_SIGNATURE),
          base64Url(payloadText, "payload"),
          (protectedText + "." + payloadText).getBytes(US_ASCII),
          base64Url(fields.text("signature"), "signature"));
    } catch (MalformedContentException e) {
      throw Headers.malformed("is malformed: " + e.getMessage());
    }
  }

  private static Headers headers(JsonFields signed) throws UnprovenException {
    for (var name : FOREIGN) {
      if (signed.node().has(name)) {
        throw new UnprovenException(
            UNSUPPORTED_EVIDENCE, "a signed header that is not read: " + name);
      }
    }
    Headers.checkPayloadType(signed.text("cty"));
    return Headers.read(new Signed(signed), critical(signed));
  }

  private static List<String> critical(JsonFields signed) throws UnprovenException {
    var critical = new ArrayList<String>();
    for (var name : signed.elements("crit")) {
      critical.add(text(name, "crit"));
    }
    return critical;
  }

  private static List<byte[]> chain(JsonFields unsigned) throws UnprovenException {
    var listed = unsigned.elements(X5C);
    if (listed.size() > Envelope.MAX_CERTIFICATES) {
      throw Headers.malformed("has %d certificates".formatted(listed.size()));
    }
    var chain = new ArrayList<byte[]>();
    for (var certificate : listed) {
      chain.add(base64(text(certificate, X5C), X5C));
    }
    return chain;
  }

  private static EnvelopeAlgorithm algorithm(String name) throws UnprovenException {
    for (var algorithm : EnvelopeAlgorithm.values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    throw new UnprovenException(
        UNSUPPORTED_EVIDENCE, "an algorithm that is not used: " + Headers.brief(name));
  }

  private static void checkNames(JsonFields fields, Set<String> known) throws UnprovenException {
    for (var names = fields.node().fieldNames(); names.hasNext(); ) {
      var name = names.next();
      if (!known.contains(name)) {
        throw Headers.malformed("has a member that is not known: " + Headers.brief(name));
      }
    }
  }

  private static String text(JsonNode node, String field) throws UnprovenException {
    if (!node.isTextual()) {
      throw Headers.malformed("has something in %s that is not text".formatted(field));
    }
    return node.textValue();
  }

  /// RFC 7515 section 2: without padding, and canonical.
  private static byte[] base64Url(String text, String field) throws UnprovenException {
    return decode(text, field, Base64.getUrlDecoder(), Base64.getUrlEncoder().withoutPadding());
  }

  /// RFC 4648 section 4: with padding, and canonical.
  private static byte[] base64(String text, String field) throws UnprovenException {
    return decode(text, field, Base64.getDecoder(), Base64.getEncoder());
  }

  private static byte[] decode(
      String text, String field, Base64.Decoder decoder, Base64.Encoder encoder)
      throws UnprovenException {
    try {
      var bytes = decoder.decode(text);
      if (encoder.encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, with the field's name.
    }
    throw Headers.malformed("has in %s no base64 in its canonical form".formatted(field));
  }

  /// The signed headers of a JWS.
  private record Signed(JsonFields fields) implements Headers.Source {
    @Override
    public Collection<String> names() {
      var names = new ArrayList<String>();
      fields.node().fieldNames().forEachRemaining(names::add);
      return names;
    }

    @Override
    public String text(String name) {
      return fields.text(name);
    }

    @Override
    public Instant time(String name) throws UnprovenException {
      var text = fields.text(name);
      try {
        if (text.length() <= MAX_TIME_CHARS) {
          return Instant.parse(text);
        }
      } catch (DateTimeException e) {
        // Refused below, with the header's name.
      }
      throw Headers.malformed("has in %s no time of RFC 3339".formatted(name));
    }
  }
}
