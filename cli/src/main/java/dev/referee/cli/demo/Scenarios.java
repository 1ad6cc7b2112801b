package dev.referee.cli.demo;

import static dev.referee.verify.decision.Reason.SBOM_MISSING;
import static dev.referee.verify.decision.Reason.SBOM_UNSIGNED;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.UNSIGNED;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.cli.demo.Scenario.Expectation.Admitted;
import dev.referee.cli.demo.Scenario.Expectation.NotChecked;
import dev.referee.cli.demo.Scenario.Expectation.Refused;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceException;
import dev.referee.testing.Artifacts;
import dev.referee.testing.CosignSigner;
import dev.referee.testing.Documents;
import dev.referee.testing.Dsse;
import dev.referee.testing.SigningKey;
import dev.referee.testing.Statements;
import java.util.Base64;
import java.util.List;

/// The images of the demonstration: the chain that is right in every form that cosign has written
/// it, and every way in which it can be broken.
final class Scenarios {
  static final String TAG = "v1";

  private final SigningKey key;
  private final CosignSigner signer;
  private final CosignSigner stranger;

  /// @param key the one that the policy trusts
  Scenarios(SigningKey key) {
    this.key = requireNonNull(key, "key is null");
    this.signer = new CosignSigner(key);
    this.stranger = new CosignSigner(SigningKey.p256());
  }

  List<Scenario> all() {
    return List.of(
        new Scenario(
            "complete",
            "image <- signature; image <- SBOM <- signature; SBOM <- SARIF <- signature",
            this::complete,
            new Admitted()),
        new Scenario(
            "attested",
            "the SBOM as a signed attestation instead of a document with its own signature",
            this::attested,
            new Admitted()),
        new Scenario(
            "cosign2",
            "signatures as cosign 2 writes them: OCI 1.1 mode, and the tags .sig and .att",
            this::cosign2,
            new Admitted()),
        new Scenario("unsigned", "no signature", this::unsigned, new Refused(UNSIGNED)),
        new Scenario(
            "other-key",
            "signed with a key that the policy does not name",
            this::otherKey,
            new Refused(UNTRUSTED_KEY)),
        new Scenario(
            "other-digest",
            "the right signer's signature of another image",
            this::otherDigest,
            new Refused(SUBJECT_MISMATCH)),
        new Scenario(
            "flipped-byte",
            "one byte of the signed content changed",
            this::flippedByte,
            new Refused(SIGNATURE_INVALID)),
        new Scenario("no-sbom", "no SBOM", this::noSbom, new Refused(SBOM_MISSING)),
        new Scenario(
            "sbom-unsigned",
            "an SBOM that nobody signed",
            this::sbomUnsigned,
            new Refused(SBOM_UNSIGNED)),
        new Scenario(
            "sbom-of-another",
            "a signed SBOM of another image",
            this::sbomOfAnother,
            new Refused(SUBJECT_MISMATCH)),
        new Scenario(
            "report-unsigned",
            "a scan report (SARIF) that nobody signed",
            this::reportUnsigned,
            new NotChecked("the requirement about scan reports is still to come")));
  }

  private void complete(ArtifactSink repository) throws SourceException {
    var image = image(repository, "complete");
    signer.sign(repository, image);
    var sbom = signedSbom(repository, image);
    var report = Artifacts.attach(repository, sbom, Documents.SARIF_TYPE, Documents.sarif("demo"));
    signer.sign(repository, report);
  }

  private void attested(ArtifactSink repository) throws SourceException {
    var image = image(repository, "attested");
    signer.sign(repository, image);
    signer.attest(repository, image, Statements.CYCLONEDX, Documents.cycloneDx("demo"));
  }

  private void cosign2(ArtifactSink repository) throws SourceException {
    var image = image(repository, "cosign2");
    signer.signOci11(repository, image, "demo");
    CosignSigner.signTag(repository, image.digest(), "demo", stranger, signer);
    var statement = Statements.attestation(Statements.SPDX, Documents.spdx("demo"), image.digest());
    CosignSigner.attestTag(
        repository,
        image.digest(),
        List.of(Dsse.envelope(Dsse.IN_TOTO, Statements.bytes(statement), key)));
  }

  private void unsigned(ArtifactSink repository) throws SourceException {
    signedSbom(repository, image(repository, "unsigned"));
  }

  private void otherKey(ArtifactSink repository) throws SourceException {
    var image = image(repository, "other-key");
    stranger.sign(repository, image);
    signedSbom(repository, image);
  }

  private void otherDigest(ArtifactSink repository) throws SourceException {
    var image = image(repository, "other-digest");
    var another = Artifacts.image(repository, "another", null);
    CosignSigner.refer(repository, image, signer.bundle(Statements.signature(another.digest())));
    signedSbom(repository, image);
  }

  private void flippedByte(ArtifactSink repository) throws SourceException {
    var image = image(repository, "flipped-byte");
    var bundle = signer.bundle(Statements.signature(image.digest()));
    var envelope = (ObjectNode) bundle.path("dsseEnvelope");
    var payload = Base64.getDecoder().decode(envelope.path("payload").asText());
    payload[payload.length / 2] ^= 1;
    envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    CosignSigner.refer(repository, image, bundle);
    signedSbom(repository, image);
  }

  private void noSbom(ArtifactSink repository) throws SourceException {
    signer.sign(repository, image(repository, "no-sbom"));
  }

  private void sbomUnsigned(ArtifactSink repository) throws SourceException {
    var image = image(repository, "sbom-unsigned");
    signer.sign(repository, image);
    Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
  }

  /// The registry lists no referrer under another subject, but anybody can write a fallback tag.
  private void sbomOfAnother(ArtifactSink repository) throws SourceException {
    var image = image(repository, "sbom-of-another");
    signer.sign(repository, image);
    var another = Artifacts.image(repository, "another", null);
    var sbom = signedSbom(repository, another);
    Artifacts.index(repository, List.of(sbom), image.digest().tagForm());
  }

  private void reportUnsigned(ArtifactSink repository) throws SourceException {
    var image = image(repository, "report-unsigned");
    signer.sign(repository, image);
    var sbom = signedSbom(repository, image);
    Artifacts.attach(repository, sbom, Documents.SARIF_TYPE, Documents.sarif("demo"));
  }

  private Descriptor signedSbom(ArtifactSink repository, Descriptor image) throws SourceException {
    var sbom = Artifacts.attach(repository, image, Documents.SPDX_TYPE, Documents.spdx("demo"));
    signer.sign(repository, sbom);
    return sbom;
  }

  private static Descriptor image(ArtifactSink repository, String content) throws SourceException {
    return Artifacts.image(repository, content, TAG);
  }
}
