package dev.referee.api.v1alpha1;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is done otherwise than the level says. Integrity is not among it.
///
/// @param authenticity signed by somebody who is trusted
/// @param authenticTimestamp signed while the certificates were valid
/// @param expiry not past the signer's "best by"
/// @param revocation no certificate was taken back; the one check that can be skipped
public record NotationOverrideSpec(
    @Nullable NotationAction authenticity,
    @Nullable NotationAction authenticTimestamp,
    @Nullable NotationAction expiry,
    @Nullable NotationAction revocation) {
  public NotationOverrideSpec {
    Specs.check(
        Stream.of(authenticity, authenticTimestamp, expiry)
            .filter(Objects::nonNull)
            .noneMatch(NotationAction.SKIP::equals),
        "only revocation can be skipped");
  }
}
