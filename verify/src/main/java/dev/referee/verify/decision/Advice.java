package dev.referee.verify.decision;

/// What a person can do about a refusal: the last line of its message.
final class Advice {
  private Advice() {}

  static String of(PolicyResult policy) {
    var reasons =
        policy.requirements().stream()
            .map(RequirementResult::outcome)
            .flatMap(outcome -> outcome.failure().stream())
            .toList();
    if (reasons.contains(Reason.POLICY_INVALID)) {
      return "ask an administrator to repair " + policy.policy();
    }
    if (policy.isUndecided()) {
      return "try again when the registry answers, or ask an administrator";
    }
    if (reasons.contains(Reason.IMAGE_NOT_FOUND)) {
      return "check the image's name and tag";
    }
    if (reasons.contains(Reason.FORBIDDEN)) {
      return "use another image, or ask an administrator";
    }
    return "sign or attest it with what the policy names, or ask an administrator";
  }
}
