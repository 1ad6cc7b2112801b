package dev.referee.verify;

import dev.referee.api.v1alpha1.KeySpec;
import dev.referee.api.v1alpha1.ReferrerPolicySpec;
import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.SbomFormat;
import dev.referee.api.v1alpha1.SbomSpec;
import dev.referee.api.v1alpha1.SignedBySpec;
import dev.referee.api.v1alpha1.SignerSpec;
import dev.referee.testing.SigningKey;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.ReferencedValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Policies for the tests of the engine.
public final class Policies {
  private Policies() {}

  /// One policy for every image, with these requirements, and these signers.
  public static PolicySet of(List<Resource> signers, RequirementSpec... requirements) {
    return of(signers, Duration.ofSeconds(3), requirements);
  }

  public static PolicySet of(
      List<Resource> signers, Duration timeout, RequirementSpec... requirements) {
    var resources = new ArrayList<>(signers);
    resources.add(
        new Resource.Policy(
            ResourceId.clusterWide(ResourceKind.CLUSTER_REFERRER_POLICY, "policy"),
            new ReferrerPolicySpec(null, null, null, timeout, null, Arrays.asList(requirements))));
    return PolicyCompiler.compile(resources, ReferencedValues.NONE);
  }

  public static Resource signer(String name, SigningKey key) {
    return signer(name, key.publicKeyPem());
  }

  public static Resource signer(String name, String pem) {
    return new Resource.Signer(
        ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, name),
        new SignerSpec(KeySpec.of(pem, null)));
  }

  public static RequirementSpec signed(String... by) {
    return signed(null, by);
  }

  public static RequirementSpec signed(@Nullable Integer threshold, String... by) {
    return new RequirementSpec("signed", new SignedBySpec(List.of(by), threshold), null, null);
  }

  /// An SBOM of any format, without a signature.
  public static RequirementSpec sbom() {
    return new RequirementSpec("sbom", null, new SbomSpec(null, null), null);
  }

  public static RequirementSpec sbom(SbomFormat format, String... by) {
    return new RequirementSpec(
        "sbom", null, new SbomSpec(List.of(format), new SignedBySpec(List.of(by), null)), null);
  }

  public static RequirementSpec sbomSignedBy(@Nullable Integer threshold, String... by) {
    return new RequirementSpec(
        "sbom", null, new SbomSpec(null, new SignedBySpec(List.of(by), threshold)), null);
  }
}
