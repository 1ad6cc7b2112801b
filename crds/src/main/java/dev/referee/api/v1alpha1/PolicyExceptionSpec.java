package dev.referee.api.v1alpha1;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What need not be fulfilled, by whose word and until when. Every list must be written out: an
/// exception that forgets to say for what is none.
///
/// @param policies ClusterReferrerPolicies by name, ReferrerPolicies as `namespace/name`
/// @param requirements their requirements by name; `*` for all
/// @param images digests, or globs of repositories as in a policy
/// @param namespaces namespaces by name; `*` for all
/// @param reason why
/// @param approvedBy who answers for it
/// @param expiresAt when it ends; from then on it counts for nothing
public record PolicyExceptionSpec(
    List<String> policies,
    List<String> requirements,
    List<String> images,
    List<String> namespaces,
    String reason,
    String approvedBy,
    Instant expiresAt) {
  public PolicyExceptionSpec(
      @Nullable List<String> policies,
      @Nullable List<String> requirements,
      @Nullable List<String> images,
      @Nullable List<String> namespaces,
      @Nullable String reason,
      @Nullable String approvedBy,
      @Nullable Instant expiresAt) {
    this.policies = Specs.nonEmpty(policies, "policies");
    this.requirements = Specs.nonEmpty(requirements, "requirements");
    this.images = Specs.nonEmpty(images, "images");
    this.namespaces = Specs.nonEmpty(namespaces, "namespaces");
    this.reason = Specs.required(reason, "reason");
    this.approvedBy = Specs.required(approvedBy, "approvedBy");
    this.expiresAt = Specs.required(expiresAt, "expiresAt");
  }
}
