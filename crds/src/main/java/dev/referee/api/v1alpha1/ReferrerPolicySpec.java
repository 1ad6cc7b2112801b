package dev.referee.api.v1alpha1;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What images must bring with them: the spec of ClusterReferrerPolicy and of ReferrerPolicy.
///
/// @param match which images of which objects; absent, every image
/// @param action absent, [Action#ENFORCE]
/// @param onError absent, [OnError#DENY]
/// @param timeout time for one decision as a duration such as `3s`; absent, 3 seconds
/// @param pinDigests whether pods are rewritten to name the digest that was judged; absent, they
///   are
/// @param require the requirements, all of which must hold
public record ReferrerPolicySpec(
    MatchSpec match,
    Action action,
    OnError onError,
    Duration timeout,
    Boolean pinDigests,
    List<RequirementSpec> require) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

  /// The API server gives a webhook 30 seconds at most.
  static final Duration MAX_TIMEOUT = Duration.ofSeconds(29);

  static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

  public ReferrerPolicySpec(
      @Nullable MatchSpec match,
      @Nullable Action action,
      @Nullable OnError onError,
      @Nullable Duration timeout,
      @Nullable Boolean pinDigests,
      @Nullable List<RequirementSpec> require) {
    this.match = match == null ? MatchSpec.EVERYTHING : match;
    this.action = action == null ? Action.ENFORCE : action;
    this.onError = onError == null ? OnError.DENY : onError;
    this.timeout = timeout == null ? DEFAULT_TIMEOUT : timeout;
    this.pinDigests = pinDigests == null || pinDigests;
    this.require = Specs.list(require);
    // A policy without requirements must never read as a policy that is fulfilled.
    Specs.check(!this.require.isEmpty(), "require needs at least one requirement");
    Specs.checkUnique(this.require.stream().map(RequirementSpec::name), "require names %s twice");
    Specs.check(
        this.timeout.compareTo(MIN_TIMEOUT) >= 0 && this.timeout.compareTo(MAX_TIMEOUT) <= 0,
        "timeout is not within 100ms and 29s");
  }
}
