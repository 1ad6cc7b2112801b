package dev.referee.api.v1alpha1;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One requirement of a policy: exactly one of its kinds.
///
/// @param name unique inside the policy
public record RequirementSpec(
    String name,
    @Nullable SignedBySpec signature,
    @Nullable SbomSpec sbom,
    @Nullable DenySpec deny) {
  public RequirementSpec(
      @Nullable String name,
      @Nullable SignedBySpec signature,
      @Nullable SbomSpec sbom,
      @Nullable DenySpec deny) {
    this.name = Specs.required(name, "name");
    this.signature = signature;
    this.sbom = sbom;
    this.deny = deny;
    Specs.check(
        Stream.of(signature, sbom, deny).filter(Objects::nonNull).count() == 1,
        "requirement %s is not exactly one of signature, sbom or deny".formatted(this.name));
  }
}
