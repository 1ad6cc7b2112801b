package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.referee.oci.Digest;
import dev.referee.oci.json.StrictJson;
import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.CosignAnnotations;
import dev.referee.verify.signature.DsseEnvelope;
import dev.referee.verify.signature.UnprovenException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in annotations is read strictly: whoever writes manifests writes them.
class CosignLayerTest {
  private static final CertificateAuthority ROOT = CertificateAuthority.create("CN=root");
  private static final CertificateAuthority OTHER = CertificateAuthority.create("CN=other");
  private static final byte[] PAYLOAD = "payload".getBytes(UTF_8);
  private static final byte[] SIGNATURE = {1, 2, 3};
  private static final String BODY =
      base64("{\"kind\":\"hashedrekord\",\"apiVersion\":\"0.0.1\",\"spec\":{}}");
  private static final String ENTRY =
      "{\"SignedEntryTimestamp\":\"AAAA\",\"Payload\":{\"body\":\""
          + BODY
          + "\",\"integratedTime\":7,\"logIndex\":5,\"logID\":\"c0ffee\"}}";

  @Test
  void withoutAnnotationsItIsAKeysAndProvesNothingElse() throws UnprovenException {
    var shown = CosignLayer.ofSignature(PAYLOAD, SIGNATURE, CosignAnnotations.NONE);

    assertThat(shown.bundle().material()).isEqualTo(new Bundle.Material.Key(""));
    assertThat(shown.bundle().entries()).isEmpty();
    assertThat(shown.bundle().timestamps()).isEmpty();
    assertThat(shown.stamped()).containsExactly(SIGNATURE);
    assertThat(shown.artifact().digest()).isEqualTo(Digest.of(PAYLOAD));
  }

  @Test
  void readsTheLogsPromise() throws UnprovenException {
    var entry = read(annotations(null, null, ENTRY, null)).bundle().entries().getFirst();

    assertThat(entry.kind()).isEqualTo("hashedrekord");
    assertThat(entry.version()).isEqualTo("0.0.1");
    assertThat(entry.logIndex()).isEqualTo(5);
    assertThat(entry.integratedTime()).isEqualTo(7);
    assertThat(entry.logId()).isEqualTo(new byte[] {(byte) 0xc0, (byte) 0xff, (byte) 0xee});
    assertThat(entry.promise()).isEqualTo(new byte[3]);
    assertThat(entry.proof()).isNull();
  }

  @Test
  void readsTheTimestamp() throws UnprovenException {
    var shown = read(annotations(null, null, null, "{\"SignedRFC3161Timestamp\":\"AQID\"}"));

    assertThat(shown.bundle().timestamps()).containsExactly(new byte[] {1, 2, 3});
  }

  /// N45: a root that the layer brings along leads nowhere.
  @Test
  void passesOverARootOfTheLayer() throws UnprovenException {
    var shown = read(annotations(ROOT.certificatePem(), OTHER.certificatePem(), null, null));

    assertThat(shown.bundle().material())
        .isInstanceOfSatisfying(
            Bundle.Material.Certificate.class,
            certificate -> assertThat(certificate.intermediates()).isEmpty());
  }

  @Test
  void refusesCertificatesThatAreNone() {
    assertRefused(annotations("no pem", null, null, null), CERTIFICATE_INVALID);
    assertRefused(annotations(ROOT.certificatePem(), "no pem", null, null), CERTIFICATE_INVALID);
    assertRefused(
        annotations(ROOT.certificatePem() + OTHER.certificatePem(), null, null, null),
        MALFORMED_EVIDENCE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "logIndex":5          | "logIndex":-1
          "logIndex":5          | "logIndex":"5"
          "logIndex":5,         |
          "integratedTime":7    | "integratedTime":-7
          "integratedTime":7    | "integratedTime":7.5
          c0ffee                | coffee
          "AAAA"                | "A"
          "SignedEntryTimestamp":"AAAA", |
          "Payload":            | "payload":
          {"SignedEntry         | {"SignedEntryTimestamp":"AAAA","SignedEntry
          """)
  void refusesAnAnswerOfTheLogThatIsNone(String part, @Nullable String other) {
    var changed = ENTRY.replace(part, other == null ? "" : other);
    assertThat(changed).isNotEqualTo(ENTRY);

    assertRefused(annotations(null, null, changed, null), MALFORMED_EVIDENCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"SignedRFC3161Timestamp\":\"*\"}", "{\"x\":1} 2"})
  void refusesAnAnswerOfATimestampAuthorityThatIsNone(String answer) {
    assertRefused(annotations(null, null, null, answer), MALFORMED_EVIDENCE);
    assertRefused(annotations(null, null, answer, null), MALFORMED_EVIDENCE);
  }

  /// N26: the annotations speak of one signature.
  @Test
  void refusesAnAttestationWithTwoSignatures() throws UnprovenException {
    var one = envelope("{\"sig\":\"AAAA\"}");
    var two = envelope("{\"sig\":\"AAAA\"},{\"sig\":\"AAAB\"}");
    var layer = new byte[] {9};
    var image = Digest.of(PAYLOAD);

    var shown = CosignLayer.ofAttestation(one, layer, CosignAnnotations.NONE, image);
    assertThat(shown.stamped()).containsExactly(new byte[3], layer);
    assertThat(shown.artifact().digest()).isEqualTo(image);
    assertThatThrownBy(() -> CosignLayer.ofAttestation(two, layer, CosignAnnotations.NONE, image))
        .isInstanceOfSatisfying(
            UnprovenException.class, e -> assertThat(e.reason()).isEqualTo(MALFORMED_EVIDENCE));
  }

  private static DsseEnvelope envelope(String signatures) throws UnprovenException {
    var json =
        "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"e30=\",\"signatures\":[%s]}"
            .formatted(signatures);
    return DsseEnvelope.read(StrictJson.readObject(json.getBytes(UTF_8), 1000));
  }

  private static CosignAnnotations annotations(
      @Nullable String certificate,
      @Nullable String chain,
      @Nullable String bundle,
      @Nullable String timestamp) {
    return new CosignAnnotations(certificate, chain, bundle, timestamp);
  }

  private static Presented read(CosignAnnotations annotations) throws UnprovenException {
    return CosignLayer.ofSignature(PAYLOAD, SIGNATURE, annotations);
  }

  private static void assertRefused(CosignAnnotations annotations, Reason reason) {
    assertThatThrownBy(() -> read(annotations))
        .isInstanceOfSatisfying(
            UnprovenException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
