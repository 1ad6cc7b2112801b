package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

/// One requirement of a policy and what became of it.
///
/// @param name the requirement's name in the policy
/// @param outcome what became of it
public record RequirementResult(String name, Outcome outcome) {
  public RequirementResult {
    requireNonNull(name, "name is null");
    requireNonNull(outcome, "outcome is null");
  }
}
