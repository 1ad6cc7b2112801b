package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// What belongs to no single policy.
///
/// @param unmatched absent, [Unmatched#ALLOW]: an installation without policies changes nothing
public record RefereeConfigurationSpec(Unmatched unmatched) {
  public static final RefereeConfigurationSpec DEFAULT = new RefereeConfigurationSpec(null);

  public RefereeConfigurationSpec(@Nullable Unmatched unmatched) {
    this.unmatched = unmatched == null ? Unmatched.ALLOW : unmatched;
  }
}
