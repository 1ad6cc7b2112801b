package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Action;
import dev.referee.api.v1alpha1.OnError;
import dev.referee.api.v1alpha1.ResourceId;
import java.time.Duration;
import java.util.List;

/// A policy, compiled: nothing in it has to be looked up any more.
public final class Policy {
  private final ResourceId id;
  private final PolicyMatch match;
  private final Action action;
  private final OnError onError;
  private final Duration timeout;
  private final boolean pinDigests;
  private final List<Requirement> requirements;

  Policy(
      ResourceId id,
      PolicyMatch match,
      Action action,
      OnError onError,
      Duration timeout,
      boolean pinDigests,
      List<Requirement> requirements) {
    this.id = requireNonNull(id, "id is null");
    this.match = requireNonNull(match, "match is null");
    this.action = requireNonNull(action, "action is null");
    this.onError = requireNonNull(onError, "onError is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.pinDigests = pinDigests;
    this.requirements = List.copyOf(requirements);
    if (requirements.isEmpty()) {
      throw new IllegalArgumentException(id + " requires nothing");
    }
  }

  public ResourceId id() {
    return id;
  }

  public boolean matches(ImageRequest request) {
    return match.matches(request);
  }

  public Action action() {
    return action;
  }

  public OnError onError() {
    return onError;
  }

  /// The time for one decision.
  public Duration timeout() {
    return timeout;
  }

  /// Whether pods are to name the digest that was judged.
  public boolean pinDigests() {
    return pinDigests;
  }

  /// Never empty.
  public List<Requirement> requirements() {
    return requirements;
  }
}
