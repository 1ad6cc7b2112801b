package dev.referee.api.v1alpha1;

import java.util.Arrays;
import java.util.Optional;

/// The kinds of this API. A cluster-wide and a namespaced kind share one spec.
public enum ResourceKind {
  CLUSTER_REFERRER_POLICY(
      "ClusterReferrerPolicy",
      "clusterreferrerpolicies",
      false,
      ReferrerPolicySpec.class,
      PolicyStatus.class),
  REFERRER_POLICY(
      "ReferrerPolicy", "referrerpolicies", true, ReferrerPolicySpec.class, PolicyStatus.class),
  CLUSTER_SIGNER("ClusterSigner", "clustersigners", false, SignerSpec.class, ResourceStatus.class),
  SIGNER("Signer", "signers", true, SignerSpec.class, ResourceStatus.class),
  CLUSTER_TRUST_ROOT(
      "ClusterTrustRoot", "clustertrustroots", false, TrustRootSpec.class, ResourceStatus.class),
  CLUSTER_POLICY_EXCEPTION(
      "ClusterPolicyException",
      "clusterpolicyexceptions",
      false,
      PolicyExceptionSpec.class,
      ResourceStatus.class),
  CLUSTER_REGISTRY_CONFIG(
      "ClusterRegistryConfig",
      "clusterregistryconfigs",
      false,
      RegistryConfigSpec.class,
      ResourceStatus.class),
  REFEREE_CONFIGURATION(
      "RefereeConfiguration",
      "refereeconfigurations",
      false,
      RefereeConfigurationSpec.class,
      ResourceStatus.class),
  OCI_REGISTRY(
      "OciRegistry", "ociregistries", true, OciRegistrySpec.class, OciRegistryStatus.class);

  public static final String GROUP = "referee.dev";
  public static final String VERSION = "v1alpha1";
  public static final String API_VERSION = GROUP + "/" + VERSION;

  private final String kind;
  private final String plural;
  private final boolean namespaced;
  private final Class<?> spec;
  private final Class<?> status;

  ResourceKind(String kind, String plural, boolean namespaced, Class<?> spec, Class<?> status) {
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
    this.spec = spec;
    this.status = status;
  }

  /// The kind as manifests spell it.
  public String kind() {
    return kind;
  }

  /// The plural, as in request paths.
  public String plural() {
    return plural;
  }

  public boolean namespaced() {
    return namespaced;
  }

  /// The record that mirrors the spec.
  public Class<?> spec() {
    return spec;
  }

  /// The record that mirrors the status.
  public Class<?> status() {
    return status;
  }

  public static Optional<ResourceKind> of(String kind) {
    return Arrays.stream(values()).filter(value -> value.kind.equals(kind)).findFirst();
  }

  @Override
  public String toString() {
    return kind;
  }
}
