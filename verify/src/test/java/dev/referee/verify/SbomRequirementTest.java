package dev.referee.verify;

import static dev.referee.api.v1alpha1.SbomFormat.CYCLONEDX;
import static dev.referee.api.v1alpha1.SbomFormat.SPDX;
import static dev.referee.verify.decision.Reason.CONTENT_MISMATCH;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SBOM_FORMAT_NOT_ACCEPTED;
import static dev.referee.verify.decision.Reason.SBOM_MISSING;
import static dev.referee.verify.decision.Reason.SBOM_UNSIGNED;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.api.v1alpha1.Resource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.Dsse;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.testing.Statements;
import dev.referee.verify.policy.PolicySet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SbomRequirementTest {
  private static final String REPOSITORY = "registry.example.com/shop/cart";
  private static final SigningKey KEY = SigningKey.p256();
  private static final SigningKey SECOND_KEY = SigningKey.p384();
  private static final CosignSigner SIGNER = new CosignSigner(KEY);
  private static final CosignSigner SECOND_SIGNER = new CosignSigner(SECOND_KEY);
  private static final CosignSigner STRANGER = new CosignSigner(SigningKey.p256());
  private static final List<Resource> SIGNERS =
      List.of(Policies.signer("ci", KEY), Policies.signer("release", SECOND_KEY));
  private static final PolicySet PRESENT = Policies.of(SIGNERS, Policies.sbom());
  private static final PolicySet SIGNED = Policies.of(SIGNERS, Policies.sbomSignedBy(null, "ci"));
  private static final PolicySet SIGNED_BY_BOTH =
      Policies.of(SIGNERS, Policies.sbomSignedBy(null, "ci", "release"));

  private final MemoryRepository repository = new MemoryRepository();
  private final Judge judge = new Judge(repository);
  private Descriptor image = Descriptor.EMPTY_JSON;

  @BeforeEach
  void pushImage() throws SourceException {
    image = Artifacts.image(repository, "image", "v1");
  }

  @Test
  void acceptsADocumentThatRefersToTheImage() throws SourceException {
    judge.assertDenied(image.digest(), PRESENT, SBOM_MISSING);

    attachSpdx();

    judge.assertAllowed(image.digest(), PRESENT);
  }

  @Test
  void acceptsADocumentWithItsOwnSignature() throws SourceException {
    var sbom = attachSpdx();
    judge.assertDenied(image.digest(), SIGNED, SBOM_UNSIGNED);

    SIGNER.sign(repository, sbom);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// An image with a signature and an SBOM that has its own: eight requests, as few as there can
  /// be.
  @Test
  void asksForNothingTwice() throws SourceException {
    SIGNER.sign(repository, image);
    SIGNER.sign(repository, attachSpdx());
    var both = Policies.of(SIGNERS, Policies.signed("ci"), Policies.sbomSignedBy(null, "ci"));

    judge.assertAllowed(image.digest(), both);

    assertThat(repository.requests()).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void acceptsADocumentSignedInEveryForm() throws SourceException {
    repository.withoutReferrersApi();
    var sbom = attachSpdx();
    repository.fallbackTag(image.digest(), sbom);
    CosignSigner.signTag(repository, sbom.digest(), REPOSITORY, SIGNER);
    judge.assertAllowed(image.digest(), SIGNED);

    repository.untag(sbom.digest().tagForm() + ".sig");
    judge.assertDenied(image.digest(), SIGNED, SBOM_UNSIGNED);

    repository.fallbackTag(sbom.digest(), SIGNER.signOci11(repository, sbom, REPOSITORY));
    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void acceptsAnAttestation() throws SourceException {
    SIGNER.attest(repository, image, Statements.CYCLONEDX, Documents.cycloneDx("p"));

    judge.assertAllowed(image.digest(), SIGNED);
    judge.assertAllowed(image.digest(), PRESENT);
    assertThat(repository.requests()).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void acceptsAnAttestationUnderTheLegacyTag() throws SourceException {
    var statement =
        Statements.bytes(
            Statements.attestation(Statements.SPDX, Documents.spdx("p"), image.digest()));
    CosignSigner.attestTag(
        repository, image.digest(), List.of(Dsse.envelope(Dsse.IN_TOTO, statement, KEY)));

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void refusesTheSignatureOfAnotherKey() throws SourceException {
    STRANGER.sign(repository, attachSpdx());
    judge.assertDenied(image.digest(), SIGNED, UNTRUSTED_KEY);

    STRANGER.attest(repository, image, Statements.SPDX, Documents.spdx("p"));
    judge.assertDenied(image.digest(), SIGNED, UNTRUSTED_KEY);
  }

  /// The signature of the image says nothing about the SBOM.
  @Test
  void refusesAnUnsignedDocumentBesideASignedImage() throws SourceException {
    SIGNER.sign(repository, image);
    attachSpdx();

    judge.assertDenied(image.digest(), SIGNED, SBOM_UNSIGNED);
  }

  /// An SBOM of another image, put where this image's are looked for.
  @Test
  void refusesADocumentAboutAnotherImage() throws SourceException {
    var other = Artifacts.image(repository, "other", null);
    var sbom = Artifacts.attach(repository, other, Documents.SPDX_TYPE, Documents.spdx("p"));
    SIGNER.sign(repository, sbom);
    repository.fallbackTag(image.digest(), sbom);

    judge.assertAllowed(other.digest(), SIGNED);
    judge.assertDenied(image.digest(), SIGNED, SUBJECT_MISMATCH);
    judge.assertDenied(image.digest(), PRESENT, SUBJECT_MISMATCH);
  }

  /// N12 for attestations.
  @Test
  void refusesAnAttestationAboutAnotherImage() throws SourceException {
    var other = Artifacts.image(repository, "other", null);
    CosignSigner.refer(
        repository,
        image,
        SIGNER.bundle(
            Statements.attestation(Statements.SPDX, Documents.spdx("p"), other.digest())));

    judge.assertDenied(image.digest(), SIGNED, SUBJECT_MISMATCH);
    judge.assertDenied(image.digest(), PRESENT, SUBJECT_MISMATCH);
  }

  /// N22: a signature of the image is no SBOM, nor is any other statement by the right signer
  /// (CVE-2022-35929).
  @Test
  void n22RefusesOtherStatementsAsAnSbom() throws SourceException {
    SIGNER.sign(repository, image);
    SIGNER.attest(repository, image, "https://slsa.dev/provenance/v1", Documents.spdx("p"));
    SIGNER.attest(repository, image, "https://spdx.dev/Document/", Documents.spdx("p"));
    SIGNER.attest(repository, image, "https://spdx.dev/Document2", Documents.spdx("p"));

    judge.assertDenied(image.digest(), SIGNED, SBOM_MISSING);
  }

  /// N23, CVE-2026-39395: the type is right, the predicate is not what it says.
  @Test
  void n23RefusesAPredicateThatIsNotTheDocumentItsTypeSays() throws SourceException {
    for (var predicate : List.of("{}", "\"text\"", "[]", "null", "1")) {
      SIGNER.attest(repository, image, Statements.SPDX, predicate.getBytes(UTF_8));
    }
    SIGNER.attest(repository, image, Statements.SPDX, Documents.cycloneDx("p"));
    SIGNER.attest(repository, image, Statements.CYCLONEDX, Documents.spdx("p"));

    judge.assertDenied(image.digest(), SIGNED, MALFORMED_EVIDENCE);
    judge.assertDenied(image.digest(), PRESENT, MALFORMED_EVIDENCE);
  }

  @Test
  void acceptsOnlyTheFormatsThatCount() throws SourceException {
    SIGNER.attest(repository, image, Statements.CYCLONEDX, Documents.cycloneDx("p"));
    SIGNER.sign(
        repository,
        Artifacts.attach(repository, image, Documents.CYCLONEDX_TYPE, Documents.cycloneDx("q")));

    judge.assertDenied(
        image.digest(), Policies.of(SIGNERS, Policies.sbom(SPDX, "ci")), SBOM_FORMAT_NOT_ACCEPTED);
    judge.assertAllowed(image.digest(), Policies.of(SIGNERS, Policies.sbom(CYCLONEDX, "ci")));
  }

  /// What a manifest calls its content does not make it so.
  @Test
  void refusesADocumentThatIsNone() throws SourceException {
    Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.sarif("r"));
    Artifacts.attach(repository, image, Documents.CYCLONEDX_TYPE, "{".getBytes(UTF_8));

    judge.assertDenied(image.digest(), PRESENT, MALFORMED_EVIDENCE);
  }

  @Test
  void findsADocumentWhoseLayerHasNoType() throws SourceException {
    Artifacts.attach(
        repository,
        image,
        Documents.SPDX_TYPE,
        MediaType.of("application/vnd.oci.image.layer.v1.tar"),
        Documents.spdx("p"),
        Map.of());

    judge.assertAllowed(image.digest(), PRESENT);
  }

  @Test
  void refusesOneChangedByte() throws SourceException {
    var content = Documents.spdx("p");
    var sbom = attachSpdx();
    SIGNER.sign(repository, sbom);
    var changed = content.clone();
    changed[content.length - 5] ^= 1;
    repository.corrupt(Digest.of(content), changed);

    judge.assertDenied(image.digest(), SIGNED, CONTENT_MISMATCH);
  }

  /// kyverno#14500: what two signers say counts together only when they say it about one document.
  @Test
  void countsSignersOfOneDocumentOnly() throws SourceException {
    SIGNER.attest(repository, image, Statements.SPDX, Documents.spdx("p"));
    SECOND_SIGNER.attest(repository, image, Statements.SPDX, Documents.spdx("q"));
    judge.assertDenied(image.digest(), SIGNED_BY_BOTH, THRESHOLD_NOT_REACHED);

    SECOND_SIGNER.attest(repository, image, Statements.SPDX, Documents.spdx("p"));
    judge.assertAllowed(image.digest(), SIGNED_BY_BOTH);
  }

  @Test
  void countsTheSignersOfADocument() throws SourceException {
    var sbom = attachSpdx();
    SIGNER.sign(repository, sbom);
    judge.assertDenied(image.digest(), SIGNED_BY_BOTH, THRESHOLD_NOT_REACHED);

    SECOND_SIGNER.sign(repository, sbom);
    judge.assertAllowed(image.digest(), SIGNED_BY_BOTH);
  }

  /// An envelope of two signatures, as cosign's merged attestations have.
  @Test
  void n26CountsBothSignaturesOfALegacyEnvelope() throws SourceException {
    var statement =
        Statements.bytes(
            Statements.attestation(Statements.SPDX, Documents.spdx("p"), image.digest()));
    CosignSigner.attestTag(
        repository,
        image.digest(),
        List.of(Dsse.envelope(Dsse.IN_TOTO, statement, KEY, SECOND_KEY)));

    judge.assertAllowed(image.digest(), SIGNED_BY_BOTH);
  }

  private Descriptor attachSpdx() throws SourceException {
    return Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.spdx("p"));
  }
}
