package dev.referee.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.SbomFormat;
import dev.referee.oci.Digest;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.Samples;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import dev.referee.verify.policy.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything with a key signature or an SBOM that real signers left in the shared samples is
/// accepted.
class SamplesTest {
  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    folder = Samples.folder().orElseThrow();
  }

  record Sample(String name, Digest image, RequirementSpec requirement, boolean accepted) {
    Sample(String name, RequirementSpec requirement, boolean accepted) {
      this(name, Samples.SUBJECT, requirement, accepted);
    }

    @Override
    public String toString() {
      return "%s %s: %s".formatted(name, requirement, accepted ? "accepted" : "refused");
    }
  }

  static List<Sample> samples() {
    var signed = Policies.signed("cosign");
    var sbom = Policies.sbom();
    var spdxSigned = Policies.sbom(SbomFormat.SPDX, "cosign");
    var cycloneDxSigned = Policies.sbom(SbomFormat.CYCLONEDX, "cosign");
    return List.of(
        new Sample("cosign-v3-sign-key-notlog", signed, true),
        new Sample("cosign-v3-sign-key-notlog", sbom, false),
        new Sample("cosign-v3-recursive", signed, true),
        new Sample(
            "cosign-v3-recursive",
            digest("77e199d619b7c38bafafb192a4f8b8ce0e0e7828d283544f8d65ee4bc4deb154"),
            signed,
            true),
        new Sample(
            "cosign-v3-recursive",
            digest("d2ea6f253d238957aa147738d4cada176ce981ca212e191d80b4e0c7da41c43d"),
            signed,
            true),
        new Sample("cosign-oci11-legacy-sig", signed, true),
        new Sample("cosign-oci11-sig-and-sbom", signed, true),
        new Sample("cosign-oci11-sig-and-sbom", sbom, true),
        // The document is there, but nobody signed it.
        new Sample("cosign-oci11-sig-and-sbom", spdxSigned, false),
        new Sample("cosign-legacy-sig", signed, true),
        new Sample("cosign-legacy-sig", sbom, false),
        new Sample("cosign-legacy-sig-and-sbom", signed, true),
        new Sample("cosign-legacy-sig-and-sbom", sbom, true),
        new Sample("cosign-legacy-sig-and-sbom", spdxSigned, false),
        new Sample("cosign-v3-attest-key-notlog", sbom, true),
        new Sample("cosign-v3-attest-key-notlog", spdxSigned, true),
        new Sample("cosign-v3-attest-key-notlog", cycloneDxSigned, true),
        // N21: attestations by the right signer are no signature of the image.
        new Sample("cosign-v3-attest-key-notlog", signed, false),
        new Sample("cosign-legacy-att", sbom, true),
        new Sample("cosign-legacy-att", spdxSigned, true),
        new Sample("cosign-legacy-att", cycloneDxSigned, true),
        new Sample("cosign-legacy-att", signed, false),
        new Sample("oras-attach-unsigned", sbom, true),
        new Sample("oras-attach-unsigned", spdxSigned, false),
        new Sample("oras-attach-unsigned", signed, false),
        // N32: signed with a certificate, and the policy names a key.
        new Sample("cosign-v3-cert-tsa", signed, false),
        new Sample("cosign-legacy-cert-tsa", signed, false));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void decidesAsTheSignerMeantIt(Sample sample) throws IOException {
    var repository = Samples.repository(folder.resolve(sample.name()));

    var decision = decide(repository, sample.image(), sample.requirement(), key());

    assertThat(decision.admits()).as(DecisionText.tree(decision)).isEqualTo(sample.accepted());
  }

  /// The same samples with another key: nothing that asks for a signature is accepted any more.
  @ParameterizedTest
  @MethodSource("samples")
  void refusesEverySignatureByAnotherKey(Sample sample) throws IOException {
    var repository = Samples.repository(folder.resolve(sample.name()));
    var otherKey = Files.readString(folder.resolve("leaf.pub"));

    var decision = decide(repository, sample.image(), sample.requirement(), otherKey);

    boolean asksForASignature =
        sample.requirement().signature() != null
            || (sample.requirement().sbom() != null
                && sample.requirement().sbom().signedBy() != null);
    assertThat(decision.admits())
        .as(DecisionText.tree(decision))
        .isEqualTo(sample.accepted() && !asksForASignature);
  }

  private String key() throws IOException {
    return Files.readString(folder.resolve("cosign.pub"));
  }

  static Decision decide(
      MemoryRepository repository, Digest image, RequirementSpec requirement, String pem) {
    List<Resource> signers = List.of(Policies.signer("cosign", pem));
    PolicySet policies = Policies.of(signers, requirement);
    return new Judge(repository).decide(image, policies);
  }

  private static Digest digest(String hex) {
    return Digest.parse("sha256:" + hex);
  }
}
