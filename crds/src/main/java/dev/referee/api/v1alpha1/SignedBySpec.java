package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who must have signed.
///
/// @param by names of signers, each once
/// @param threshold how many different ones of them; absent, all
public record SignedBySpec(List<String> by, Integer threshold) {
  public SignedBySpec(@Nullable List<String> by, @Nullable Integer threshold) {
    this.by = Specs.list(by);
    // An empty list of authorities must never read as satisfied.
    Specs.check(!this.by.isEmpty(), "by names no signer");
    Specs.checkUnique(this.by.stream(), "by names %s twice");
    this.threshold = threshold == null ? this.by.size() : threshold;
    Specs.check(
        this.threshold >= 1 && this.threshold <= this.by.size(),
        "threshold %d is not within 1 and the number of signers, %d"
            .formatted(this.threshold, this.by.size()));
  }
}
