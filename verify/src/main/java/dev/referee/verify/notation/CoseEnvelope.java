package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.referee.verify.cbor.CborReader;
import dev.referee.verify.cbor.CborValue;
import dev.referee.verify.cbor.CborValue.Label;
import dev.referee.verify.cbor.MalformedCborException;
import dev.referee.verify.signature.UnprovenException;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads envelopes in COSE (signature-envelope-cose.md; RFC 9052 section 4.2), strictly. Only
/// COSE_Sign1 with its tag, with the payload inside.
final class CoseEnvelope {
  private static final long SIGN1 = 18;
  private static final long EPOCH_TIME = 1;
  private static final Label ALGORITHM = new CborValue.Whole(1);
  private static final Label CRITICAL = new CborValue.Whole(2);
  private static final Label CONTENT_TYPE = new CborValue.Whole(3);
  private static final Label X5CHAIN = new CborValue.Whole(33);
  private static final Label TIMESTAMP = new CborValue.Text(Headers.TIMESTAMP_SIGNATURE);
  private static final Label AGENT = new CborValue.Text(Headers.SIGNING_AGENT);
  private static final Set<Label> SIGNED_NUMBERS =
      Set.of(ALGORITHM, CRITICAL, CONTENT_TYPE, X5CHAIN);
  private static final Set<Label> UNSIGNED = Set.of(X5CHAIN, TIMESTAMP, AGENT);

  /// The last second of the year 9999.
  private static final long MAX_SECONDS = 253_402_300_799L;

  private CoseEnvelope() {}

  static Envelope read(byte[] content, int maxBytes) throws UnprovenException {
    try {
      if (!(CborReader.read(content, maxBytes) instanceof CborValue.Tagged tagged)
          || tagged.tag() != SIGN1
          || !(tagged.content() instanceof CborValue.Sequence sequence)
          || sequence.elements().size() != 4) {
        throw Headers.malformed("is no COSE_Sign1 with its tag");
      }
      var parts = sequence.elements();
      var signedBytes = bytes(parts.get(0), "protected headers");
      var payload = bytes(parts.get(2), "payload");
      var signed = pairs(CborReader.read(signedBytes, maxBytes), "protected headers");
      var unsigned = pairs(parts.get(1), "unprotected headers");
      checkUnsigned(unsigned);
      var timestamp = unsigned.get(TIMESTAMP);
      return new Envelope(
          algorithm(required(signed, ALGORITHM, "algorithm")),
          headers(signed),
          Envelope.certificates(chain(signed, unsigned)),
          timestamp == null ? null : bytes(timestamp, Headers.TIMESTAMP_SIGNATURE),
          payload,
          toBeSigned(signedBytes, payload),
          bytes(parts.get(3), "signature"));
    } catch (MalformedCborException e) {
      throw Headers.malformed("is malformed: " + e.getMessage());
    }
  }

  private static void checkUnsigned(Map<Label, CborValue> unsigned) throws UnprovenException {
    if (!UNSIGNED.containsAll(unsigned.keySet())) {
      throw Headers.malformed("has an unprotected header that is not known");
    }
    var agent = unsigned.get(AGENT);
    if (agent != null) {
      // Typed, though nobody looks at it.
      text(agent, Headers.SIGNING_AGENT);
    }
  }

  private static Headers headers(Map<Label, CborValue> signed) throws UnprovenException {
    for (var key : signed.keySet()) {
      if (key instanceof CborValue.Whole number && !SIGNED_NUMBERS.contains(number)) {
        throw new UnprovenException(
            UNSUPPORTED_EVIDENCE, "a signed header that is not read: " + number.value());
      }
    }
    Headers.checkPayloadType(text(required(signed, CONTENT_TYPE, "content type"), "content type"));
    return Headers.read(new Signed(signed), critical(signed));
  }

  private static List<String> critical(Map<Label, CborValue> signed) throws UnprovenException {
    if (!(required(signed, CRITICAL, "list of critical headers")
        instanceof CborValue.Sequence listed)) {
      throw Headers.malformed("has no list of critical headers");
    }
    var critical = new ArrayList<String>();
    for (var name : listed.elements()) {
      critical.add(text(name, "list of critical headers"));
    }
    return critical;
  }

  /// In one of the two places: unsigned, as clients write it, or signed, as the specification
  /// allows.
  private static List<byte[]> chain(Map<Label, CborValue> signed, Map<Label, CborValue> unsigned)
      throws UnprovenException {
    if (signed.containsKey(X5CHAIN) && unsigned.containsKey(X5CHAIN)) {
      throw Headers.malformed("has two certificate chains");
    }
    var chain =
        required(signed.containsKey(X5CHAIN) ? signed : unsigned, X5CHAIN, "certificate chain");
    // One certificate may stand for itself (RFC 9360 section 2).
    if (chain instanceof CborValue.Bytes one) {
      return List.of(one.value());
    }
    if (!(chain instanceof CborValue.Sequence listed)) {
      throw Headers.malformed("has no certificate chain");
    }
    var encoded = new ArrayList<byte[]>();
    for (var certificate : listed.elements()) {
      encoded.add(bytes(certificate, "certificate chain"));
    }
    return encoded;
  }

  private static EnvelopeAlgorithm algorithm(CborValue label) throws UnprovenException {
    if (label instanceof CborValue.Whole number) {
      for (var algorithm : EnvelopeAlgorithm.values()) {
        if (algorithm.coseLabel() == number.value()) {
          return algorithm;
        }
      }
    }
    throw new UnprovenException(UNSUPPORTED_EVIDENCE, "an algorithm that is not used");
  }

  /// What the signature is over (RFC 9052 section 4.4): the protected headers exactly as received.
  static byte[] toBeSigned(byte[] protectedHeaders, byte[] payload) {
    var out = new ByteArrayOutputStream();
    head(out, 4, 4);
    var context = "Signature1".getBytes(US_ASCII);
    head(out, 3, context.length);
    out.writeBytes(context);
    head(out, 2, protectedHeaders.length);
    out.writeBytes(protectedHeaders);
    head(out, 2, 0);
    head(out, 2, payload.length);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static void head(ByteArrayOutputStream out, int major, int length) {
    int type = major << 5;
    if (length < 24) {
      out.write(type | length);
    } else if (length < 1 << 8) {
      out.write(type | 24);
      out.write(length);
    } else if (length < 1 << 16) {
      out.write(type | 25);
      out.write(length >> 8);
      out.write(length);
    } else {
      out.write(type | 26);
      out.write(length >> 24);
      out.write(length >> 16);
      out.write(length >> 8);
      out.write(length);
    }
  }

  private static CborValue required(Map<Label, CborValue> headers, Label key, String what)
      throws UnprovenException {
    var value = headers.get(key);
    if (value == null) {
      throw Headers.malformed("has no " + what);
    }
    return value;
  }

  private static Map<Label, CborValue> pairs(CborValue value, String what)
      throws UnprovenException {
    if (value instanceof CborValue.Pairs pairs) {
      return pairs.entries();
    }
    throw Headers.malformed("has %s that are no map".formatted(what));
  }

  private static byte[] bytes(@Nullable CborValue value, String what) throws UnprovenException {
    if (value instanceof CborValue.Bytes bytes) {
      return bytes.value();
    }
    throw Headers.malformed("has no bytes for its " + what);
  }

  private static String text(@Nullable CborValue value, String what) throws UnprovenException {
    if (value instanceof CborValue.Text text) {
      return text.value();
    }
    throw Headers.malformed("has no text for its " + what);
  }

  /// The signed headers of a COSE_Sign1 that have names.
  private record Signed(Map<Label, CborValue> entries) implements Headers.Source {
    @Override
    public Collection<String> names() {
      return entries.keySet().stream()
          .filter(CborValue.Text.class::isInstance)
          .map(key -> ((CborValue.Text) key).value())
          .toList();
    }

    @Override
    public String text(String name) throws UnprovenException {
      return CoseEnvelope.text(entries.get(new CborValue.Text(name)), name);
    }

    @Override
    public Instant time(String name) throws UnprovenException {
      if (entries.get(new CborValue.Text(name)) instanceof CborValue.Tagged tagged
          && tagged.tag() == EPOCH_TIME
          && tagged.content() instanceof CborValue.Whole seconds
          && seconds.value() >= 0
          && seconds.value() <= MAX_SECONDS) {
        return Instant.ofEpochSecond(seconds.value());
      }
      throw Headers.malformed("has in %s no time by its tag".formatted(name));
    }
  }
}
