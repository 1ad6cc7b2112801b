package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static dev.referee.verify.notation.EnvelopeShape.ARTIFACT;
import static dev.referee.verify.pki.CertificateShape.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.notation.EnvelopeShape.Format;
import dev.referee.verify.pki.CertificateShape;
import dev.referee.verify.pki.Keys;
import dev.referee.verify.signature.UnprovenException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What both encodings have to have, and what none may have.
class EnvelopeTest {
  private final Notary notary = new Notary();

  @ParameterizedTest
  @EnumSource(Format.class)
  void provesWhatASignerMade(Format format) throws UnprovenException {
    var proven = notary.verify(format, notary.envelope(format));

    assertThat(proven.signer()).isEqualTo(notary.signer.certificate());
    assertThat(proven.artifact().digest()).isEqualTo(ARTIFACT.digest());
    assertThat(proven.artifact().annotations()).containsEntry("build", "7");
    assertThat(proven.failures()).isEmpty();
    assertThat(proven.notes()).isEmpty();
    assertThat(proven.subject()).contains("CN=release");
    // Without a timestamp it holds as long as its certificates.
    assertThat(proven.until()).isEqualTo(notary.signer.certificate().getNotAfter().toInstant());
  }

  static Stream<Arguments> keys() {
    return Stream.of(
            Keys.rsa(2048),
            Keys.rsa(3072),
            Keys.rsa(4096),
            Keys.ec("secp256r1"),
            Keys.ec("secp384r1"),
            Keys.ec("secp521r1"))
        .flatMap(keys -> Stream.of(Format.values()).map(format -> Arguments.of(format, keys)));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void provesBySixKindsOfKeys(Format format, KeyPair keys) throws UnprovenException {
    var signer = CertificateShape.signer(Notary.SUBJECT).keys(keys).issuedBy(notary.root);
    var shape = new EnvelopeShape(format, signer);

    assertThat(notary.verify(format, shape).signer()).isEqualTo(signer.certificate());

    // r and s of another length, or in DER, are no signature of this key.
    notary.refuses(
        format,
        shape.signature(s -> Arrays.copyOf(s, s.length + 1)),
        SIGNATURE_INVALID,
        "not that of");
    notary.refuses(
        format,
        shape.signature(s -> Arrays.copyOf(s, s.length - 1)),
        SIGNATURE_INVALID,
        "not that of");
    notary.refuses(format, shape.signature(s -> new byte[0]), SIGNATURE_INVALID, "not that of");
    notary.refuses(
        format, shape.signature(s -> new byte[s.length]), SIGNATURE_INVALID, "not that of");
  }

  /// N46: keys that are too short, or of another kind.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n46RefusesWeakKeys(Format format) {
    for (var keys : List.of(Keys.rsa(1024), Keys.rsa(2560), Keys.ec("secp224r1"))) {
      var signer = CertificateShape.signer(Notary.SUBJECT).keys(keys).issuedBy(notary.root);
      notary.refuses(format, new EnvelopeShape(format, signer), CERTIFICATE_INVALID, "has a key");
    }
  }

  /// N63: the certificate's key says how it signs; the envelope has to agree.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n63RefusesEveryOtherAlgorithmThanTheKeysOwn(Format format) {
    for (var other : EnvelopeAlgorithm.values()) {
      if (other != EnvelopeAlgorithm.ES256) {
        var label = format == Format.JWS ? (Object) other.name() : (Object) other.coseLabel();
        notary.refuses(
            format, notary.envelope(format).says(label), SIGNATURE_INVALID, "key signs by ES256");
      }
    }
  }

  /// N63: no signature at all, secrets instead of keys, padding that was broken.
  @Test
  void n63RefusesAlgorithmsThatAreNotUsed() {
    for (var name :
        List.of("none", "None", "HS256", "HS512", "RS256", "RS512", "EdDSA", "", "es256")) {
      notary.refuses(
          Format.JWS,
          notary.envelope(Format.JWS).says(name),
          UNSUPPORTED_EVIDENCE,
          "algorithm that is not used");
    }
    for (var label : List.<Object>of(0, 5, -8, -257, "ES256", true)) {
      notary.refuses(
          Format.COSE,
          notary.envelope(Format.COSE).says(label),
          UNSUPPORTED_EVIDENCE,
          "algorithm that is not used");
    }
  }

  interface Change {
    void to(EnvelopeShape shape);
  }

  private static Stream<Arguments> both(Reason reason, String words, Change change) {
    return Stream.of(Format.values()).map(format -> Arguments.of(format, reason, words, change));
  }

  /// N64: critical headers are all and only those that are known, each once and there.
  static Stream<Arguments> n64() {
    var expiry = NOW.plusSeconds(60);
    return Stream.of(
            both(MALFORMED_EVIDENCE, "does not call", s -> s.critical()),
            both(
                UNSUPPORTED_EVIDENCE,
                "critical header that is not read: com.example.rule",
                s ->
                    s.header("com.example.rule", "x")
                        .critical(Headers.SIGNING_SCHEME, "com.example.rule")),
            both(
                UNSUPPORTED_EVIDENCE,
                "critical header that is not read: alg",
                s -> s.critical(Headers.SIGNING_SCHEME, "alg")),
            both(
                UNSUPPORTED_EVIDENCE,
                "critical header that is not read: cty",
                s -> s.critical(Headers.SIGNING_SCHEME, "cty")),
            both(
                UNSUPPORTED_EVIDENCE,
                "critical header that is not read: " + Headers.SIGNING_TIME,
                s -> s.critical(Headers.SIGNING_SCHEME, Headers.SIGNING_TIME)),
            both(
                MALFORMED_EVIDENCE,
                "twice, or one that it does not have",
                s -> s.critical(Headers.SIGNING_SCHEME, Headers.EXPIRY)),
            both(
                MALFORMED_EVIDENCE,
                "twice, or one that it does not have",
                s -> s.critical(Headers.SIGNING_SCHEME, Headers.SIGNING_SCHEME)),
            both(
                MALFORMED_EVIDENCE,
                "does not call " + Headers.EXPIRY,
                s -> s.expiry(expiry).critical(Headers.SIGNING_SCHEME)),
            both(MALFORMED_EVIDENCE, "text", s -> s.critical(Headers.SIGNING_SCHEME, 1)))
        .flatMap(cases -> cases);
  }

  /// N65: what has to be signed does not count outside the signature.
  static Stream<Arguments> n65() {
    return Stream.of(
            both(
                MALFORMED_EVIDENCE,
                "not known",
                s -> s.unsigned(Headers.EXPIRY, NOW.plusSeconds(60))),
            both(
                MALFORMED_EVIDENCE,
                "not known",
                s ->
                    s.header(Headers.SIGNING_SCHEME, null)
                        .critical()
                        .unsigned(Headers.SIGNING_SCHEME, "notary.x509")),
            both(MALFORMED_EVIDENCE, "not known", s -> s.unsigned("com.example.note", "x")))
        .flatMap(cases -> cases);
  }

  /// N66: schemes are two, each with its own time.
  static Stream<Arguments> n66() {
    return Stream.of(
            both(
                UNSUPPORTED_EVIDENCE,
                "signing scheme that is not read: notary.x509.other",
                s -> s.header(Headers.SIGNING_SCHEME, "notary.x509.other")),
            both(
                MALFORMED_EVIDENCE,
                "no signing scheme",
                s -> s.header(Headers.SIGNING_SCHEME, null)),
            both(
                MALFORMED_EVIDENCE,
                "another signing time",
                s -> s.header(Headers.SIGNING_TIME, null)),
            both(
                MALFORMED_EVIDENCE,
                "another signing time",
                s -> s.header(Headers.AUTHENTIC_SIGNING_TIME, NOW)),
            both(
                MALFORMED_EVIDENCE,
                "another signing time",
                s -> s.header(Headers.SIGNING_SCHEME, "notary.x509.signingAuthority")),
            both(
                MALFORMED_EVIDENCE,
                "another signing time",
                s -> s.bySigningAuthority(NOW).header(Headers.SIGNING_TIME, NOW)),
            both(MALFORMED_EVIDENCE, "", s -> s.header(Headers.SIGNING_SCHEME, 7)),
            both(MALFORMED_EVIDENCE, "time", s -> s.header(Headers.SIGNING_TIME, "yesterday")),
            both(MALFORMED_EVIDENCE, "", s -> s.header(Headers.SIGNING_TIME, 1_700_000_000)))
        .flatMap(cases -> cases);
  }

  /// N74: the type of what is signed.
  static Stream<Arguments> n74() {
    return Stream.of(
            both(
                UNSUPPORTED_EVIDENCE,
                "payload of type application/json",
                s -> s.contentType("application/json")),
            both(
                UNSUPPORTED_EVIDENCE,
                "payload of type",
                s -> s.contentType("application/vnd.cncf.notary.payload.v2+json")),
            both(MALFORMED_EVIDENCE, "", s -> s.contentType(null)),
            both(MALFORMED_EVIDENCE, "", s -> s.contentType(50)))
        .flatMap(cases -> cases);
  }

  /// N77: what a plug-in would have to check cannot be checked here, so nothing is proven.
  static Stream<Arguments> n77() {
    var plugin = "io.cncf.notary.verificationPlugin";
    return Stream.of(
            both(
                UNSUPPORTED_EVIDENCE,
                "critical header that is not read: " + plugin,
                s -> s.header(plugin, "com.example").critical(Headers.SIGNING_SCHEME, plugin)),
            both(
                UNSUPPORTED_EVIDENCE,
                "signed header that is not read: " + plugin,
                s -> s.header(plugin, "com.example")),
            both(UNSUPPORTED_EVIDENCE, "MinVersion", s -> s.header(plugin + "MinVersion", "1.0.0")))
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("n64")
  void n64RefusesCriticalHeadersThatAreNotReadListedOnceAndThere(
      Format format, Reason reason, String words, Change change) {
    refuses(format, reason, words, change);
  }

  @ParameterizedTest
  @MethodSource("n65")
  void n65RefusesClaimsOutsideTheSignature(
      Format format, Reason reason, String words, Change change) {
    refuses(format, reason, words, change);
  }

  @ParameterizedTest
  @MethodSource("n66")
  void n66RefusesOtherSchemesAndTheTimesOfOthers(
      Format format, Reason reason, String words, Change change) {
    refuses(format, reason, words, change);
  }

  @ParameterizedTest
  @MethodSource("n74")
  void n74RefusesPayloadsOfOtherTypes(Format format, Reason reason, String words, Change change) {
    refuses(format, reason, words, change);
  }

  @ParameterizedTest
  @MethodSource("n77")
  void n77RefusesWhatAPluginWouldHaveToCheck(
      Format format, Reason reason, String words, Change change) {
    refuses(format, reason, words, change);
  }

  private void refuses(Format format, Reason reason, String words, Change change) {
    var shape = notary.envelope(format);
    change.to(shape);

    notary.refuses(format, shape, reason, words);
  }

  /// Attributes of a signer's own that are not critical mean nothing here.
  @ParameterizedTest
  @EnumSource(Format.class)
  void passesOverForeignAttributesThatAreNotCritical(Format format) throws UnprovenException {
    var shape = notary.envelope(format).header("com.example.build", "7");

    assertThat(notary.verify(format, shape).failures()).isEmpty();
  }

  /// N68: the artifact's digest is right, and it is still another one.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n68RefusesAnotherSizeOrType(Format format) {
    var size = new Descriptor(ARTIFACT.mediaType(), ARTIFACT.digest(), ARTIFACT.size() + 1);
    var type = new Descriptor(MediaType.OCI_INDEX, ARTIFACT.digest(), ARTIFACT.size());

    for (var other : List.of(size, type)) {
      notary.refuses(
          format,
          notary.envelope(format).payload(EnvelopeShape.payload(other)),
          SUBJECT_MISMATCH,
          "the artifact is");
    }
  }

  /// N12, for Notary: signed by the right one, about another artifact.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n12RefusesASignatureOfAnotherArtifact(Format format) {
    var other = new Descriptor(ARTIFACT.mediaType(), Digest.of(new byte[] {1}), ARTIFACT.size());

    notary.refuses(
        format,
        notary.envelope(format).payload(EnvelopeShape.payload(other)),
        SUBJECT_MISMATCH,
        "it is about");
  }

  static Stream<Arguments> payloads() {
    return Stream.of(
            "",
            "{}",
            "[]",
            "null",
            "{\"targetArtifact\":null}",
            "{\"targetArtifact\":[]}",
            "{\"targetArtifact\":{}}",
            "{\"targetArtifact\":{\"mediaType\":\"a/b\",\"digest\":\"sha256:ab\",\"size\":1}}",
            "{\"targetArtifact\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":\"1\"}}"
                .formatted(ARTIFACT.digest()),
            "{\"targetArtifact\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":-1}}"
                .formatted(ARTIFACT.digest()),
            // N28: two readers, two artifacts.
            "{\"targetArtifact\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":1,\"size\":2}}"
                .formatted(ARTIFACT.digest()),
            "{\"targetArtifact\":{},\"targetArtifact\":{}}",
            // N29: something follows.
            new String(EnvelopeShape.payload(ARTIFACT), UTF_8) + "{}")
        .flatMap(json -> Stream.of(Format.values()).map(format -> Arguments.of(format, json)));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void n28n29RefusesPayloadsThatAreNotOne(Format format, String json) {
    notary.refuses(
        format, notary.envelope(format).payload(json), MALFORMED_EVIDENCE, "payload is malformed");
  }

  /// N31: somebody else's signature beside the right certificate.
  @ParameterizedTest
  @EnumSource(Format.class)
  void n31RefusesTheSignatureOfAnotherKey(Format format) {
    var other = CertificateShape.signer(Notary.SUBJECT).issuedBy(notary.intermediate);
    var chain = notary.signer.chain().toArray(X509Certificate[]::new);

    notary.refuses(
        format, new EnvelopeShape(format, other).chain(chain), SIGNATURE_INVALID, "not that of");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void refusesChainsThatAreNone(Format format) {
    notary.refuses(format, notary.envelope(format).chain(), MALFORMED_EVIDENCE, "");
    var many = new X509Certificate[9];
    Arrays.fill(many, notary.signer.certificate());
    notary.refuses(
        format, notary.envelope(format).chain(many), MALFORMED_EVIDENCE, "9 certificates");
  }

  @Test
  void refusesEnvelopesOfOtherTypes() {
    for (var type : List.of("application/json", "application/jose", "application/cbor")) {
      assertThat(
              catchThrowableOfType(
                      UnprovenException.class,
                      () -> Envelope.read(new byte[0], MediaType.of(type), 10))
                  .reason())
          .isEqualTo(UNSUPPORTED_EVIDENCE);
    }
  }

  /// Times of the far future and of the distant past are times.
  @ParameterizedTest
  @EnumSource(Format.class)
  void readsEveryTimeOfFourDigits(Format format) throws UnprovenException {
    var shape = notary.envelope(format).expiry(Instant.parse("9999-12-31T23:59:59Z"));

    assertThat(notary.verify(format, shape).failures()).isEqualTo(Map.of());
  }
}
