package dev.referee.verify;

import static dev.referee.verify.decision.Reason.CONTENT_MISMATCH;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.NOT_A_SIGNATURE;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.THRESHOLD_NOT_REACHED;
import static dev.referee.verify.decision.Reason.TOO_MUCH_EVIDENCE;
import static dev.referee.verify.decision.Reason.UNSIGNED;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.SigningKey;
import dev.referee.testing.Statements;
import dev.referee.verify.policy.PolicySet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignatureRequirementTest {
  private static final String REPOSITORY = "registry.example.com/shop/cart";
  private static final SigningKey KEY = SigningKey.p256();
  private static final SigningKey SECOND_KEY = SigningKey.ed25519();
  private static final CosignSigner SIGNER = new CosignSigner(KEY);
  private static final CosignSigner STRANGER = new CosignSigner(SigningKey.p256());
  private static final PolicySet SIGNED =
      Policies.of(List.of(Policies.signer("ci", KEY)), Policies.signed("ci"));

  private final MemoryRepository repository = new MemoryRepository();
  private final Judge judge = new Judge(repository);
  private Descriptor image = Descriptor.EMPTY_JSON;

  @BeforeEach
  void pushImage() throws SourceException {
    image = Artifacts.image(repository, "image", "v1");
  }

  @Test
  void acceptsABundleFoundByTheReferrersApiWithThreeRequests() throws SourceException {
    SIGNER.sign(repository, image);

    judge.assertAllowed(image.digest(), SIGNED);

    assertThat(repository.requests()).hasSize(3);
  }

  @Test
  void acceptsABundleFoundByTheFallbackTag() throws SourceException {
    repository.withoutReferrersApi();
    repository.fallbackTag(image.digest(), SIGNER.sign(repository, image));

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void acceptsTheOci11Form() throws SourceException {
    SIGNER.signOci11(repository, image, REPOSITORY);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N11: a signature travels with the image; which repository it was made in is not compared.
  @Test
  void n11AcceptsASignatureThatWasMadeInAnotherRepository() throws SourceException {
    SIGNER.signOci11(repository, image, "registry.example.com/elsewhere");

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void acceptsTheLegacyTagAmongOthersSignatures() throws SourceException {
    repository.withoutReferrersApi();
    CosignSigner.signTag(repository, image.digest(), REPOSITORY, STRANGER, SIGNER, STRANGER);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void refusesAnUnsignedImageAndSaysWhereItLooked() {
    var unmet = judge.assertDenied(image.digest(), SIGNED, UNSIGNED);

    assertThat(unmet.message())
        .contains(
            "no signature by ci; looked at 0 referrers; searched the referrers API, the tag"
                + " sha256-")
        .contains(".sig");
  }

  @Test
  void refusesASignatureByAnotherKey() throws SourceException {
    STRANGER.sign(repository, image);
    STRANGER.signOci11(repository, image, REPOSITORY);
    CosignSigner.signTag(repository, image.digest(), REPOSITORY, STRANGER);

    var unmet = judge.assertDenied(image.digest(), SIGNED, UNTRUSTED_KEY);

    assertThat(unmet.findings())
        .hasSize(3)
        .anySatisfy(f -> assertThat(f.message()).contains("an unknown key (sha256:"));
  }

  /// N12, N18: the signature of another image, copied here, in every form.
  @Test
  void refusesTheSignatureOfAnotherDigest() throws SourceException {
    var other = Artifacts.image(repository, "other", null);
    CosignSigner.refer(repository, image, SIGNER.bundle(Statements.signature(other.digest())));
    judge.assertDenied(image.digest(), SIGNED, SUBJECT_MISMATCH);

    var sig = CosignSigner.signTag(repository, other.digest(), REPOSITORY, SIGNER);
    repository.tag(image.digest().tagForm() + ".sig", sig.digest());
    judge.assertDenied(image.digest(), SIGNED, SUBJECT_MISMATCH);
  }

  /// N01: what a list says about a referrer is not what it is.
  @Test
  void n01IgnoresWhatADescriptorClaims() throws SourceException {
    var sbom = Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.spdx("p"));
    repository.list(image.digest(), claiming(sbom, CosignSigner.BUNDLE));
    judge.assertDenied(image.digest(), SIGNED, UNSIGNED);

    var signature = SIGNER.sign(repository, image);
    repository.list(image.digest(), claiming(signature, Documents.SPDX_TYPE));
    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N02 and N03: the signed statement is what ties a bundle to the image, not its manifest.
  @Test
  void n02AcceptsABundleWhoseManifestRefersElsewhereWhenTheStatementIsRight()
      throws SourceException {
    var other = Artifacts.image(repository, "other", null);
    var elsewhere =
        CosignSigner.refer(repository, other, SIGNER.bundle(Statements.signature(image.digest())));
    var nowhere =
        Artifacts.attach(
            repository,
            null,
            CosignSigner.BUNDLE,
            MediaType.of(CosignSigner.BUNDLE),
            SIGNER.bundle(Statements.signature(image.digest())).toString().getBytes(UTF_8),
            Map.of());

    repository.fallbackTag(image.digest(), elsewhere);
    judge.assertAllowed(image.digest(), SIGNED);
    repository.fallbackTag(image.digest(), nowhere);
    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N04: cosign 3.1 gives its entries in fallback indexes the wrong type and no annotations.
  @Test
  void n04FindsABundleListedWithTheEmptyType() throws SourceException {
    repository.withoutReferrersApi();
    var signature = SIGNER.sign(repository, image);
    repository.fallbackTag(
        image.digest(), claiming(signature, "application/vnd.oci.empty.v1+json"));

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N05: notation keeps the fallback tag even where the API answers with an empty list.
  @Test
  void n05LooksAtTheFallbackTagWhenTheApiListsNothing() throws SourceException {
    var hidden = new MemoryRepository();
    var signature = SIGNER.sign(hidden, image);
    copy(hidden, signature);
    repository.fallbackTag(image.digest(), signature);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N06: what both lists name is looked at once.
  @Test
  void n06LooksOnceAtWhatBothListsName() throws SourceException {
    repository.fallbackTag(image.digest(), STRANGER.sign(repository, image));

    var unmet = judge.assertDenied(image.digest(), SIGNED, UNTRUSTED_KEY);

    assertThat(unmet.findings()).hasSize(1);
  }

  /// N07, and Kyverno's cap of 50: junk, even junk that looks like signatures, does not hide the
  /// good.
  @Test
  void n07FindsOneGoodSignatureAmongAThousandBadOnes() throws SourceException {
    for (int i = 0; i < 1000; i++) {
      Artifacts.attach(
          repository, image, CosignSigner.BUNDLE, "{\"junk\":%d}".formatted(i).getBytes(UTF_8));
    }
    SIGNER.sign(repository, image);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N07: beyond the limit it is an answer, and not an open question.
  @Test
  void n07RefusesMoreReferrersThanAreOpened() throws SourceException {
    for (int i = 0; i < 2100; i++) {
      Artifacts.attach(
          repository, image, CosignSigner.BUNDLE, "{\"junk\":%d}".formatted(i).getBytes(UTF_8));
    }

    var unmet = judge.assertDenied(image.digest(), SIGNED, TOO_MUCH_EVIDENCE);

    assertThat(unmet.findings()).hasSizeLessThanOrEqualTo(50);
  }

  /// N07, CVE-2024-29903: a manifest of signatures without end.
  @Test
  void n07RefusesALegacyTagWithMoreLayersThanAreRead() throws SourceException {
    var signers = Collections.nCopies(300, STRANGER).toArray(CosignSigner[]::new);
    CosignSigner.signTag(repository, image.digest(), REPOSITORY, signers);

    judge.assertDenied(image.digest(), SIGNED, TOO_MUCH_EVIDENCE);
  }

  /// N07, CVE-2024-29902: an attachment without end, next to the good one.
  @Test
  void n07SkipsABundleTooLargeToBeASignature() throws SourceException {
    Artifacts.attach(repository, image, CosignSigner.BUNDLE, new byte[(1 << 20) + 1]);
    judge.assertDenied(image.digest(), SIGNED, TOO_MUCH_EVIDENCE);

    SIGNER.sign(repository, image);
    judge.assertAllowed(image.digest(), SIGNED);
  }

  /// N10: an annotation that calls an attestation a signature.
  @Test
  void n10IgnoresAnnotationsAboutTheContent() throws SourceException {
    var attestation =
        SIGNER.bundle(Statements.attestation(Statements.SPDX, Documents.spdx("p"), image.digest()));
    Artifacts.attach(
        repository,
        image,
        CosignSigner.BUNDLE,
        MediaType.of(CosignSigner.BUNDLE),
        attestation.toString().getBytes(UTF_8),
        Map.of("dev.sigstore.bundle.predicateType", Statements.COSIGN_SIGN));

    judge.assertDenied(image.digest(), SIGNED, NOT_A_SIGNATURE);
  }

  /// N19: a child named alone inherits nothing from its index, and an index nothing from its
  /// children.
  @Test
  void n19JudgesTheDigestThatIsNamed() throws SourceException {
    var index = Artifacts.index(repository, List.of(image), "multi");
    SIGNER.sign(repository, index);

    judge.assertAllowed(index.digest(), SIGNED);
    judge.assertDenied(image.digest(), SIGNED, UNSIGNED);

    var other = Artifacts.image(repository, "other", null);
    var otherIndex = Artifacts.index(repository, List.of(other), null);
    SIGNER.sign(repository, other);

    judge.assertAllowed(other.digest(), SIGNED);
    judge.assertDenied(otherIndex.digest(), SIGNED, UNSIGNED);
  }

  /// N21: only attestations there; cosign's own verify accepts that.
  @Test
  void n21RefusesAnImageThatHasOnlyAttestations() throws SourceException {
    SIGNER.attest(repository, image, Statements.SPDX, Documents.spdx("p"));

    judge.assertDenied(image.digest(), SIGNED, NOT_A_SIGNATURE);
  }

  @Test
  void refusesChangedBytesUnderTheirOldDigest() throws SourceException {
    var signature = SIGNER.sign(repository, image);
    repository.corrupt(signature.digest(), "{}".getBytes(UTF_8));

    judge.assertDenied(image.digest(), SIGNED, CONTENT_MISMATCH);
  }

  @Test
  void saysThatEvidenceIsMalformed() throws SourceException {
    Artifacts.attach(repository, image, CosignSigner.BUNDLE, "not json".getBytes(UTF_8));

    judge.assertDenied(image.digest(), SIGNED, MALFORMED_EVIDENCE);
  }

  /// One description with a wrong size must not spoil the same content described rightly.
  @Test
  void aWrongSizeElsewhereDoesNotSpoilTheGoodSignature() throws SourceException {
    var content = SIGNER.bundle(Statements.signature(image.digest())).toString().getBytes(UTF_8);
    var good =
        Artifacts.attach(
            repository,
            image,
            CosignSigner.BUNDLE,
            MediaType.of(CosignSigner.BUNDLE),
            content,
            Map.of());
    var manifest = repository.manifest(good.digest()).orElseThrow().bytes();
    var lying =
        new String(manifest, UTF_8)
            .replace("\"size\":" + content.length, "\"size\":" + (content.length - 1));
    repository.putManifest(lying.getBytes(UTF_8), MediaType.OCI_MANIFEST, null);

    judge.assertAllowed(image.digest(), SIGNED);
  }

  @Test
  void countsDifferentSignersAcrossForms() throws SourceException {
    var both =
        Policies.of(
            List.of(Policies.signer("ci", KEY), Policies.signer("release", SECOND_KEY)),
            Policies.signed("ci", "release"));
    SIGNER.sign(repository, image);
    SIGNER.sign(repository, image);
    CosignSigner.signTag(repository, image.digest(), REPOSITORY, SIGNER, SIGNER);
    var unmet = judge.assertDenied(image.digest(), both, THRESHOLD_NOT_REACHED);
    assertThat(unmet.message()).contains("signed by ci only, not by ci and release");

    CosignSigner.signTag(
        repository, image.digest(), REPOSITORY, new CosignSigner(SECOND_KEY), STRANGER);
    judge.assertAllowed(image.digest(), both);
  }

  @Test
  void acceptsOneOfTwoSigners() throws SourceException {
    var either =
        Policies.of(
            List.of(Policies.signer("ci", KEY), Policies.signer("release", SECOND_KEY)),
            Policies.signed(1, "ci", "release"));
    judge.assertDenied(image.digest(), either, UNSIGNED);

    new CosignSigner(SECOND_KEY).sign(repository, image);
    judge.assertAllowed(image.digest(), either);
  }

  private void copy(MemoryRepository from, Descriptor manifest) throws SourceException {
    var content = from.manifest(manifest.digest()).orElseThrow();
    repository.corrupt(content.digest(), content.bytes());
    for (var layer : ((ImageManifest) content.parse()).layers()) {
      repository.corrupt(layer.digest(), from.blobBytes(layer, 1 << 20).orElseThrow());
    }
  }

  private static Descriptor claiming(Descriptor descriptor, String artifactType) {
    return new Descriptor(
        descriptor.mediaType(),
        descriptor.digest(),
        descriptor.size(),
        artifactType,
        Map.of(),
        null);
  }
}
