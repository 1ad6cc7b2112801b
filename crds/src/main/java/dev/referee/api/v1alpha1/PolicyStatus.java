package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status of ClusterReferrerPolicy and of ReferrerPolicy.
///
/// @param conditions one per type
/// @param wouldDeny what runs now that the policy would not admit; absent before the first audit
public record PolicyStatus(List<Condition> conditions, @Nullable WouldDeny wouldDeny) {
  public PolicyStatus(@Nullable List<Condition> conditions, @Nullable WouldDeny wouldDeny) {
    this.conditions = Specs.list(conditions);
    this.wouldDeny = wouldDeny;
  }

  /// What runs now and does not fulfil the policy.
  ///
  /// @param images how many images
  /// @param workloads how many workloads run them
  /// @param examples the first of them, by name
  /// @param observedAt when this was last found to be so, RFC 3339
  public record WouldDeny(
      Integer images, Integer workloads, List<Example> examples, String observedAt) {
    public WouldDeny(
        @Nullable Integer images,
        @Nullable Integer workloads,
        @Nullable List<Example> examples,
        @Nullable String observedAt) {
      this.images = Specs.required(images, "images");
      this.workloads = Specs.required(workloads, "workloads");
      this.examples = Specs.list(examples);
      this.observedAt = Specs.required(observedAt, "observedAt");
    }
  }

  /// One workload that the policy would not admit.
  ///
  /// @param workload kind, namespace and name: `Deployment shop/cart`
  /// @param image the image with its digest
  /// @param requirement which requirement is not fulfilled
  /// @param reason the reason code
  public record Example(String workload, String image, String requirement, String reason) {}
}
