package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.signature.UnprovenException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Envelopes in JSON, taken apart.
class JwsEnvelopeTest {
  private final Notary notary = new Notary();
  private String json = "";

  @BeforeEach
  void sign() throws UnprovenException {
    json = new String(notary.envelope(Format.JWS).bytes(), UTF_8);
    assertThat(notary.verify(Format.JWS, json.getBytes(UTF_8)).failures()).isEmpty();
  }

  private void refuses(String changed, Reason reason, String words) {
    assertThat(changed).isNotEqualTo(json);
    notary.refuses(Format.JWS, changed.getBytes(UTF_8), reason, words);
  }

  private void refusesMalformed(String changed, String words) {
    refuses(changed, MALFORMED_EVIDENCE, words);
  }

  private String part(String name) {
    int from = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
    return json.substring(from, json.indexOf('"', from));
  }

  /// N28: duplicate keys at any depth, signed or not.
  @Test
  void n28RefusesDuplicateKeys() {
    refusesMalformed(json.replace("{\"payload\"", "{\"payload\":\"e30\",\"payload\""), "malformed");
    refusesMalformed(json.replace("\"header\":{", "\"header\":{\"x5c\":[],"), "malformed");
    refusesMalformed(json.replace("\"header\":{", "\"header\":{},\"header\":{"), "malformed");
    var header = new String(Base64.getUrlDecoder().decode(part("protected")), UTF_8);
    refusesMalformed(
        withProtected(header.replace("{\"alg\"", "{\"alg\":\"PS256\",\"alg\"")), "malformed");
  }

  /// N29: something before, something after, something too deep.
  @Test
  void n29RefusesWhatIsNotOneDocument() {
    refusesMalformed(json + "{}", "malformed");
    refusesMalformed(json + "x", "malformed");
    refusesMalformed("\ufeff" + json, "malformed");
    refusesMalformed("[" + json + "]", "malformed");
    refusesMalformed("[".repeat(10_000), "malformed");
    refusesMalformed(json.replace("\"header\":{", "\"header\":{\"x5c\":NaN,"), "malformed");
    refusesMalformed("", "malformed");
    var header = new String(Base64.getUrlDecoder().decode(part("protected")), UTF_8);
    refusesMalformed(withProtected(header + " {}"), "malformed");
    refusesMalformed(withProtected("[]"), "malformed");
  }

  /// N30: `protected`, `payload` and `signature` are base64url without padding; `x5c` and the
  /// timestamp are base64 with it. Each value has one spelling.
  @ParameterizedTest
  @ValueSource(strings = {"protected", "payload", "signature"})
  void n30RefusesOtherSpellingsOfBase64Url(String field) {
    var text = part(field);
    for (var other :
        List.of(text + "=", text + "==", text + "\\n", "\\n" + text, text + " ", "", "*")) {
      var changed = json.replace("\"" + text + "\"", "\"" + other + "\"");
      // An empty payload or header is base64, and malformed all the same; an empty signature is
      // one, and nobody's.
      if (other.isEmpty() && field.equals("signature")) {
        refuses(changed, SIGNATURE_INVALID, "not that of");
      } else if (other.isEmpty() && field.equals("payload")) {
        refuses(changed, SIGNATURE_INVALID, "not that of");
      } else {
        refusesMalformed(changed, "");
      }
    }
    // Stray bits at the end.
    if (text.length() % 4 != 0) {
      char last = text.charAt(text.length() - 1);
      refusesMalformed(
          json.replace(
              "\"" + text + "\"",
              "\"" + text.substring(0, text.length() - 1) + (char) (last + 1) + "\""),
          "canonical");
    }
  }

  /// N30: certificates in base64url, without padding, or in lines.
  @Test
  void n30RefusesOtherSpellingsOfCertificates() {
    var certificate = EnvelopeShape.base64(notary.signer.der());
    for (var other :
        List.of(
            certificate.replace("=", ""),
            certificate + "=",
            certificate.substring(0, 64) + "\\n" + certificate.substring(64),
            " " + certificate)) {
      if (!other.equals(certificate)) {
        refusesMalformed(json.replace(certificate, other), "");
      }
    }
    refusesMalformed(json.replace("\"x5c\":[", "\"x5c\":[7,"), "not text");
    refusesMalformed(json.replace("\"x5c\":[", "\"x5c\":[\"AQID\"],\"y\":["), "not known");
    refusesMalformed(json.replace("\"x5c\":", "\"x5t\":"), "not known");
  }

  /// More members than four, and fewer.
  @Test
  void refusesOtherMembers() {
    refusesMalformed(json.replace("{\"payload\"", "{\"signatures\":[],\"payload\""), "not known");
    refusesMalformed(json.replace("\"signature\":\"", "\"sig\":\""), "not known");
    refusesMalformed(json.replace("\"payload\":\"" + part("payload") + "\",", ""), "payload");
    refusesMalformed(json.replace("\"protected\":\"" + part("protected") + "\",", ""), "protected");
    refusesMalformed(
        json.replace("\"signature\":\"" + part("signature") + "\"", "\"signature\":null"),
        "signature");
    refusesMalformed(
        json.replace("\"signature\":\"" + part("signature") + "\"", "\"signature\":[]"),
        "signature");
    refusesMalformed(json.replace("\"test/1.0\"", "7"), "signingAgent");
  }

  /// N63, N64: registered headers that say who signed, or what, have no place in an envelope.
  @ParameterizedTest
  @ValueSource(strings = {"b64", "jku", "jwk", "kid", "typ", "x5c", "x5t", "x5t#S256", "x5u"})
  void n64RefusesRegisteredHeaders(String name) {
    notary.refuses(
        Format.JWS,
        notary.envelope(Format.JWS).header(name, "false"),
        UNSUPPORTED_EVIDENCE,
        "signed header that is not read: " + name);
  }

  @Test
  void readsTimesOfOtherZonesAndNoLongOnes() throws UnprovenException {
    notary.verify(
        Format.JWS,
        notary.envelope(Format.JWS).header(Headers.SIGNING_TIME, "2026-11-27T12:00:00+02:00"));
    notary.refuses(
        Format.JWS,
        notary
            .envelope(Format.JWS)
            .header(Headers.SIGNING_TIME, "2026-11-27T12:00:00" + "Z".repeat(50)),
        MALFORMED_EVIDENCE,
        "no time of RFC 3339");
  }

  @Test
  void refusesMoreThanItReads() {
    refusesMalformed(json + " ".repeat(2 << 20), "bytes");
  }

  private String withProtected(String header) {
    return json.replace(part("protected"), EnvelopeShape.base64Url(header.getBytes(UTF_8)));
  }
}
