package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several signers that speak together. What counts is how many different ones have signed.
///
/// @param signers names of signers, each once; some may be groups themselves
/// @param threshold how many of them; absent, all
public record GroupSpec(List<String> signers, Integer threshold) {
  public GroupSpec(@Nullable List<String> signers, @Nullable Integer threshold) {
    this.signers = Specs.nonEmpty(signers, "signers");
    this.threshold = threshold == null ? this.signers.size() : threshold;
    Specs.check(
        this.threshold >= 1 && this.threshold <= this.signers.size(),
        "threshold %d is not within 1 and the number of signers, %d"
            .formatted(this.threshold, this.signers.size()));
  }
}
