package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.NOT_A_SIGNATURE;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.Dsse;
import dev.referee.testing.SigningKey;
import dev.referee.testing.Statements;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.proof.SignerVerifier;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.UnusableKeyException;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyVerifierTest {
  private static final int MAX = 1 << 20;
  private static final Digest IMAGE = Digest.of("image".getBytes(UTF_8));
  private static final Digest OTHER_IMAGE = Digest.of("other".getBytes(UTF_8));
  private static final SigningKey KEY = SigningKey.p256();
  private static final CosignSigner SIGNER = new CosignSigner(KEY);

  static Stream<SigningKey> keys() {
    return Stream.of(
        SigningKey.p256(),
        SigningKey.p384(),
        SigningKey.p521(),
        SigningKey.ed25519(),
        SigningKey.rsa(2048),
        SigningKey.rsa(4096));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void provesASignatureOfEveryKindOfKey(SigningKey key) throws Exception {
    var bundle = parse(new CosignSigner(key).bundle(Statements.signature(IMAGE)));

    assertThatCode(() -> verify(bundle, IMAGE, trusted(key))).doesNotThrowAnyException();
  }

  /// N12: signed by the right one, about another image.
  @Test
  void n12RefusesAStatementAboutAnotherImage() throws Exception {
    assertRefused(SIGNER.bundle(Statements.signature(OTHER_IMAGE)), SUBJECT_MISMATCH);
  }

  /// N13: ours may be any of the subjects.
  @Test
  void n13AcceptsOurImageAsTheSecondSubject() throws Exception {
    var statement =
        Statements.of(
            Statements.V1,
            Statements.COSIGN_SIGN,
            Statements.signature(IMAGE).path("predicate"),
            OTHER_IMAGE,
            IMAGE);

    verify(parse(SIGNER.bundle(statement)), IMAGE, trusted(KEY));
  }

  /// N14: a subject that is named only by another algorithm is not ours.
  @Test
  void n14RefusesASubjectNamedByAnotherAlgorithm() throws Exception {
    var sha512 = Digest.of(DigestAlgorithm.SHA512, "image".getBytes(UTF_8));

    assertRefused(SIGNER.bundle(Statements.signature(sha512)), SUBJECT_MISMATCH);
  }

  /// N15: our spelling of the digest or none.
  @Test
  void n15RefusesUpperCaseShortAndMissingDigests() throws Exception {
    assertRefused(
        changed(s -> replaceSubject(s, "{\"sha256\":\"%s\"}".formatted(upper(IMAGE)))),
        SUBJECT_MISMATCH);
    assertRefused(
        changed(s -> replaceSubject(s, "{\"sha256\":\"%s\"}".formatted(IMAGE.hex().substring(1)))),
        SUBJECT_MISMATCH);
    assertRefused(changed(s -> replaceSubject(s, "{}")), SUBJECT_MISMATCH);
  }

  /// N16, and sigstore-go#609: a statement about nothing is about nothing.
  @Test
  void n16RefusesNullAndMissingSubjects() throws Exception {
    assertRefused(changed(s -> s.replaceAll("\\[\\{.*?}}\\]", "[null]")), MALFORMED_EVIDENCE);
    assertRefused(changed(s -> s.replaceAll("\\[\\{.*?}}\\]", "[]")), MALFORMED_EVIDENCE);
    assertRefused(changed(s -> s.replaceAll("\"subject\":\\[.*?\\],", "")), MALFORMED_EVIDENCE);
  }

  /// N17.
  @Test
  void n17RefusesMoreSubjectsThanAreRead() throws Exception {
    var subject = "{\"digest\":{\"sha256\":\"%s\"}}".formatted(IMAGE.hex());
    var many = String.join(",", Collections.nCopies(1025, subject));

    assertRefused(
        changed(s -> s.replaceAll("\\[\\{.*?}}\\]", "[" + many + "]")), MALFORMED_EVIDENCE);
  }

  /// N21: an attestation by the right signer is no signature of the image; cosign accepts it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://spdx.dev/Document",
        "https://slsa.dev/provenance/v1",
        "https://sigstore.dev/cosign/sign/v1/",
        "https://sigstore.dev/cosign/sign/v2",
        ""
      })
  void n21RefusesAnAttestationAsASignature(String predicateType) throws Exception {
    var attestation = Statements.attestation(predicateType, Documents.spdx("p"), IMAGE);

    assertRefused(SIGNER.bundle(attestation), NOT_A_SIGNATURE);
  }

  /// N24: the type of the payload is signed and checked.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/vnd.in-toto.slsa+json",
        "",
        "application/vnd.in-toto+json "
      })
  void n24RefusesAnotherPayloadType(String payloadType) throws Exception {
    var statement = Statements.bytes(Statements.signature(IMAGE));
    var bundle = CosignSigner.bundle(Dsse.envelope(payloadType, statement, KEY), KEY.hint());

    assertRefused(bundle, MALFORMED_EVIDENCE);
  }

  /// N25: both statement types that cosign writes, and no other.
  @Test
  void n25AcceptsTheOlderStatementTypeAndNoForeignOne() throws Exception {
    var predicate = Statements.signature(IMAGE).path("predicate");
    var older = Statements.of(Statements.V01, Statements.COSIGN_SIGN, predicate, IMAGE);
    var foreign =
        Statements.of("https://in-toto.io/Statement/v2", Statements.COSIGN_SIGN, predicate, IMAGE);

    verify(parse(SIGNER.bundle(older)), IMAGE, trusted(KEY));
    assertRefused(SIGNER.bundle(foreign), MALFORMED_EVIDENCE);
  }

  /// N26: a bundle's material speaks of one signature, so there is one.
  @Test
  void n26RefusesABundleWithNoneOrTwoSignatures() {
    var statement = Statements.bytes(Statements.signature(IMAGE));
    var two = Dsse.envelope(Dsse.IN_TOTO, statement, KEY, SigningKey.p256());
    var none = Dsse.envelope(Dsse.IN_TOTO, statement);

    assertUnparsed(CosignSigner.bundle(two, KEY.hint()).toString(), MALFORMED_EVIDENCE);
    assertUnparsed(CosignSigner.bundle(none, KEY.hint()).toString(), MALFORMED_EVIDENCE);
  }

  /// N27: a signature over bytes states nothing about an artifact.
  @Test
  void n27RefusesAMessageSignature() {
    var bundle = SIGNER.bundle(Statements.signature(IMAGE)).toString();

    assertUnparsed(bundle.replace("dsseEnvelope", "messageSignature"), MALFORMED_EVIDENCE);
    assertUnparsed(
        bundle.replace(
            "\"dsseEnvelope\"", "\"messageSignature\":{\"signature\":\"\"},\"dsseEnvelope\""),
        MALFORMED_EVIDENCE);
  }

  /// N28 and N29: what two parsers could read differently.
  @Test
  void n28RefusesDuplicateNamesInBundleEnvelopeAndStatement() throws Exception {
    var bundle = SIGNER.bundle(Statements.signature(IMAGE)).toString();

    assertUnparsed(bundle.replaceFirst("\\{", "{\"mediaType\":\"x\","), MALFORMED_EVIDENCE);
    assertUnparsed(
        bundle.replace("\"payloadType\"", "\"payload\":\"\",\"payloadType\""), MALFORMED_EVIDENCE);
    assertRefused(
        changed(s -> s.replaceFirst("\\{", "{\"predicateType\":\"x\",")), MALFORMED_EVIDENCE);
    assertUnparsed(bundle + "{}", MALFORMED_EVIDENCE);
    assertUnparsed("\uFEFF" + bundle, MALFORMED_EVIDENCE);
    assertUnparsed("[".repeat(100_000), MALFORMED_EVIDENCE);
    assertRefused(changed(s -> s + " {}"), MALFORMED_EVIDENCE);
  }

  /// N30: one value has one spelling.
  @Test
  void n30RefusesBase64ThatIsNotCanonical() {
    var bundle = SIGNER.bundle(Statements.signature(IMAGE));
    var payload = bundle.path("dsseEnvelope").path("payload").asText();

    assertUnparsed(bundle.toString().replace(payload, payload + "\\n"), MALFORMED_EVIDENCE);
    assertUnparsed(bundle.toString().replace(payload, payload + "="), MALFORMED_EVIDENCE);
    assertUnparsed(
        bundle.toString().replace(payload, payload.replaceAll("=+$", "") + "*"),
        MALFORMED_EVIDENCE);
  }

  /// N31: the policy's key decides, not the hint.
  @Test
  void n31RefusesAWrongKeyUnderTheRightHint() throws Exception {
    var statement = Statements.bytes(Statements.signature(IMAGE));
    var forged =
        CosignSigner.bundle(Dsse.envelope(Dsse.IN_TOTO, statement, SigningKey.p256()), KEY.hint());
    var strangers = new CosignSigner(SigningKey.p256()).bundle(Statements.signature(IMAGE));

    assertRefused(forged, SIGNATURE_INVALID);
    assertRefused(strangers, UNTRUSTED_KEY);
  }

  @Test
  void acceptsTheRightKeyUnderAForeignHint() throws Exception {
    var statement = Statements.bytes(Statements.signature(IMAGE));
    var envelope = Dsse.envelope(Dsse.IN_TOTO, statement, KEY);

    verify(parse(CosignSigner.bundle(envelope, "some-kms-key")), IMAGE, trusted(KEY));
  }

  /// N32: a certificate is not the key, even where it holds the same one.
  @Test
  void n32RefusesACertificateForAKey() throws Exception {
    var bundle = SIGNER.bundle(Statements.signature(IMAGE)).toString();

    assertRefused(
        parse(
            bundle.replaceAll("\"publicKey\":\\{.*?}", "\"certificate\":{\"rawBytes\":\"AA==\"}")),
        CERTIFICATE_INSTEAD_OF_KEY);
    assertUnparsed(
        bundle.replace("\"publicKey\"", "\"certificate\":{},\"publicKey\""), MALFORMED_EVIDENCE);
    assertUnparsed(bundle.replaceAll("\"publicKey\":\\{.*?}", ""), MALFORMED_EVIDENCE);
  }

  /// N46: the key decides the algorithm; a signature made with a weaker one is none.
  @Test
  void n46RefusesASignatureWithAWeakerHash() throws Exception {
    var statement = Statements.bytes(Statements.signature(IMAGE));
    var weak = Dsse.envelope(Dsse.IN_TOTO, statement, KEY.with("SHA1withECDSA"));

    assertRefused(CosignSigner.bundle(weak, "other"), UNTRUSTED_KEY);
  }

  @Test
  void refusesAnUnknownBundleVersion() {
    var bundle = SIGNER.bundle(Statements.signature(IMAGE)).toString();

    assertUnparsed(bundle.replace("v0.3", "v0.9"), UNSUPPORTED_EVIDENCE);
  }

  @Test
  void refusesABundleThatIsLargerThanRead() {
    assertThatThrownBy(() -> SigstoreBundle.parse(new byte[MAX + 1], MAX))
        .isInstanceOf(UnprovenException.class);
  }

  private static ObjectNode changed(UnaryOperator<String> change) {
    var statement = change.apply(Statements.signature(IMAGE).toString());
    return CosignSigner.bundle(
        Dsse.envelope(Dsse.IN_TOTO, statement.getBytes(UTF_8), KEY), KEY.hint());
  }

  private static String replaceSubject(String statement, String digests) {
    return statement.replaceAll("\"digest\":\\{.*?}", "\"digest\":" + digests);
  }

  private static String upper(Digest digest) {
    return digest.hex().toUpperCase(Locale.ROOT);
  }

  private static SignedContent parse(ObjectNode bundle) throws UnprovenException {
    return parse(bundle.toString());
  }

  private static void verify(SignedContent content, Digest artifact, TrustedSigner signer)
      throws UnprovenException {
    new SignerVerifier(content, artifact, Instant.EPOCH).signature(signer);
  }

  private static SignedContent parse(String bundle) throws UnprovenException {
    return SigstoreBundle.parse(bundle.getBytes(UTF_8), MAX);
  }

  private static void assertUnparsed(String bundle, Reason reason) {
    assertThatThrownBy(() -> parse(bundle))
        .isInstanceOfSatisfying(
            UnprovenException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void assertRefused(ObjectNode bundle, Reason reason) throws UnprovenException {
    assertRefused(parse(bundle), reason);
  }

  private static void assertRefused(SignedContent content, Reason reason) {
    assertThatThrownBy(() -> verify(content, IMAGE, trusted(KEY)))
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> assertThat(e.reason()).as(e.sentence()).isEqualTo(reason));
  }

  private static TrustedSigner trusted(SigningKey key) {
    try {
      return TrustedSigner.of(
          ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "ci-key"),
          TrustedKey.parse(key.publicKeyPem(), null));
    } catch (UnusableKeyException e) {
      throw new AssertionError(e);
    }
  }
}
