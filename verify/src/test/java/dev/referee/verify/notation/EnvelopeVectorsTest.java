package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.verify.cbor.CborReader;
import dev.referee.verify.cbor.CborValue;
import dev.referee.verify.cbor.CborWriter;
import dev.referee.verify.cbor.MalformedCborException;
import dev.referee.verify.signature.UnprovenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The envelopes that implementations of the specification agree on, which this project did not
/// write. Their keys are not published and their payloads name no artifact, and both have a
/// critical attribute of the suite's own, so what they prove here is how they are read.
class EnvelopeVectorsTest {
  private static final int MAX = 1 << 20;

  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    folder = Path.of(System.getProperty("referee.shared", "."), "vectors", "notation");
    assumeTrue(Files.isDirectory(folder), "SKIPPED: the folder of shared vectors is not there");
  }

  private byte[] bytes(String file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonFields vector() {
    return StrictJson.readObject(bytes("cose/conformance.json"), MAX);
  }

  private static byte[] hex(JsonFields fields, String name) {
    return HexFormat.of().parseHex(fields.object(name).text("cborHex"));
  }

  @Test
  void readsAConformingCose() throws MalformedCborException {
    var vector = vector();
    var envelope = (CborValue.Tagged) CborReader.read(hex(vector, "expectedOutput"), MAX);
    assertThat(envelope.tag()).isEqualTo(18);
    var parts = ((CborValue.Sequence) envelope.content()).elements();
    assertThat(((CborValue.Bytes) parts.get(0)).value()).isEqualTo(hex(vector, "protectedHeaders"));
    assertThat(parts.get(1)).isEqualTo(CborReader.read(hex(vector, "unprotectedHeaders"), MAX));
    assertThat(((CborValue.Bytes) parts.get(2)).value())
        .isEqualTo(HexFormat.of().parseHex(vector.text("payload")));
    var signed =
        ((CborValue.Pairs) CborReader.read(hex(vector, "protectedHeaders"), MAX)).entries();
    assertThat(signed)
        .containsEntry(new CborValue.Whole(1), new CborValue.Whole(-38))
        .containsEntry(
            new CborValue.Text(Headers.EXPIRY),
            new CborValue.Tagged(1, new CborValue.Whole(vector.wholeNumber("expiry"))))
        .containsEntry(
            new CborValue.Text(Headers.SIGNING_TIME),
            new CborValue.Tagged(1, new CborValue.Whole(vector.wholeNumber("signingTime"))));
  }

  /// N64: the suite's own critical attribute is not known here.
  @Test
  void n64RefusesTheSuitesCriticalAttributeInCose() {
    refusesTheAttribute(
        () -> CoseEnvelope.read(hex(vector(), "expectedOutput"), MAX), "signedCritKey1");
  }

  /// Without that attribute, everything else about the envelope is as it has to be.
  @Test
  void readsTheRestOfAConformingCose() throws UnprovenException {
    var notary = new Notary();
    var header =
        """
        A70138250282781C696F2E636E63662E6E6F746172792E7369676E696E67536368656D6575696F2E636E63662E6E\
        6F746172792E65787069727903782B\
        """
            + HexFormat.of()
                .withUpperCase()
                .formatHex("application/vnd.cncf.notary.payload.v1+json".getBytes(UTF_8))
            + HexFormat.of()
                .withUpperCase()
                .formatHex(hex(vector(), "protectedHeaders"))
                .transform(whole -> whole.substring(whole.indexOf("6A7369676E65644B657931")))
                .replace("6E7369676E6564437269744B657931707369676E65644372697456616C756531", "");
    var envelope =
        CborWriter.write(
            new CborWriter.Tag(
                18,
                List.of(
                    HexFormat.of().parseHex(header),
                    Map.of(33, List.of(notary.signer.der())),
                    new byte[] {1},
                    new byte[] {2})));

    var read = CoseEnvelope.read(envelope, MAX);

    assertThat(read.algorithm()).isEqualTo(EnvelopeAlgorithm.PS384);
    assertThat(read.headers().scheme()).isEqualTo(SigningScheme.X509);
    assertThat(read.headers().signingTime().getEpochSecond())
        .isEqualTo(vector().wholeNumber("signingTime"));
    assertThat(read.headers().expiry()).isNotNull();
  }

  /// N64, in JSON.
  @Test
  void n64RefusesTheSuitesCriticalAttributeInJws() {
    var text = new String(bytes("jws/conformance.json"), UTF_8);
    refusesTheAttribute(() -> JwsEnvelope.read(text.getBytes(UTF_8), MAX), "signedCritKey1");
  }

  @Test
  void readsTheRestOfAConformingJws() throws UnprovenException {
    var text = new String(bytes("jws/conformance.json"), UTF_8);
    var fields = StrictJson.readObject(bytes("jws/conformance.json"), MAX);
    var header = new String(Base64.getUrlDecoder().decode(fields.text("protected")), UTF_8);
    var certificate = EnvelopeShape.base64(new Notary().signer.der());
    var changed =
        text.replace(
                fields.text("protected"),
                EnvelopeShape.base64Url(header.replace("\"signedCritKey1\",", "").getBytes(UTF_8)))
            .replace("\"header\": {", "\"header\": {\"x5c\": [\"" + certificate + "\"],");

    var read = JwsEnvelope.read(changed.getBytes(UTF_8), MAX);

    assertThat(read.algorithm()).isEqualTo(EnvelopeAlgorithm.ES256);
    assertThat(read.headers().signingTime()).isEqualTo("2022-08-29T13:50:00Z");
    assertThat(read.headers().expiry()).isEqualTo("2099-08-30T13:50:00Z");
    assertThat(read.payload()).asString(UTF_8).isEqualTo("{\"key\":\"hello JWS\"}");
    assertThat(read.signature()).hasSize(64);
  }

  private interface Reading {
    Envelope read() throws UnprovenException;
  }

  private static void refusesTheAttribute(Reading reading, String attribute) {
    var refusal = catchThrowableOfType(UnprovenException.class, reading::read);
    assertThat(refusal.reason()).isEqualTo(UNSUPPORTED_EVIDENCE);
    assertThat(refusal.sentence()).endsWith("critical header that is not read: " + attribute);
  }
}
