package dev.referee.verify.decision;

import dev.referee.oci.Digest;
import dev.referee.verify.decision.PolicyResult.Effect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decisions in words, for those who are refused and for those who look closer.
public final class DecisionText {
  /// The API server passes a message on to a terminal: enough to act on, not a log.
  private static final int FINDINGS_IN_MESSAGE = 3;

  private DecisionText() {}

  /// Why an image may not run, for the person who wanted to run it.
  public static String denial(Decision decision) {
    var findings = decision.findings();
    var lines = new ArrayList<String>();
    if (findings.policies().isEmpty()) {
      lines.add(
          "image %s is not allowed: %s: no policy matches it, and such images are denied"
              .formatted(name(findings), Reason.NOT_MATCHED));
      lines.add("ask an administrator for a policy that covers its repository");
      return String.join("\n", lines);
    }
    for (var policy : denying(findings)) {
      lines.add("image %s is not allowed by %s".formatted(name(findings), policy.policy()));
      lines.addAll(requirements(policy));
      lines.add(Advice.of(policy));
    }
    return String.join("\n", lines);
  }

  /// What does not hold although the image may run: one line each.
  public static List<String> warnings(Decision decision) {
    var findings = decision.findings();
    if (findings.policies().isEmpty()) {
      return decision instanceof Decision.Warned
          ? List.of("image %s: no policy matches it".formatted(findings.image()))
          : List.of();
    }
    var warnings = new ArrayList<String>();
    for (var policy : findings.policies()) {
      if (policy.effect() == Effect.WARN) {
        for (var requirement : policy.requirements()) {
          if (!requirement.outcome().isSatisfied()) {
            warnings.add(
                "image %s: %s: %s %s: %s"
                    .formatted(
                        findings.image(),
                        policy.policy(),
                        requirement.name(),
                        status(requirement.outcome()),
                        requirement.outcome().message()));
          }
        }
      }
    }
    return warnings;
  }

  /// The whole decision with the evidence behind it.
  public static String tree(Decision decision) {
    var findings = decision.findings();
    var tree = new TextTree("image " + name(findings));
    if (findings.policies().isEmpty()) {
      tree.add("no policy matches it; such images: " + findings.unmatched());
    }
    for (var policy : findings.policies()) {
      var branch =
          tree.add(
              "%s (%s): %s"
                  .formatted(
                      policy.policy(),
                      policy.action(),
                      policy.isFulfilled()
                          ? "fulfilled"
                          : policy.isUndecided() ? "undecided" : "not fulfilled"));
      for (var requirement : policy.requirements()) {
        var outcome = requirement.outcome();
        var leaf =
            branch.add(
                "%s: %s: %s".formatted(requirement.name(), status(outcome), outcome.message()));
        outcome.findings().forEach(finding -> add(leaf, finding));
      }
    }
    return tree + "verdict: " + verdict(decision) + "\n";
  }

  /// One word: `allowed`, `allowed with a warning`, `denied`, or `undecided, which denies`.
  public static String verdict(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> "allowed";
      case Decision.Warned warned -> "allowed with a warning";
      case Decision.Denied denied -> denied.isUndecided() ? "undecided, which denies" : "denied";
    };
  }

  private static void add(TextTree parent, Finding finding) {
    var node =
        parent.add(
            "%s%s, found by %s: %s: %s"
                .formatted(
                    finding.what(),
                    shortened(finding.digest()),
                    finding.where(),
                    finding.reason() == null ? "proven" : finding.reason(),
                    finding.message()));
    finding.children().forEach(child -> add(node, child));
  }

  private static List<PolicyResult> denying(Decision.Findings findings) {
    return findings.policies().stream().filter(policy -> policy.effect() == Effect.DENY).toList();
  }

  private static List<String> requirements(PolicyResult policy) {
    int names = 0;
    int statuses = 0;
    for (var requirement : policy.requirements()) {
      names = Math.max(names, requirement.name().length());
      statuses = Math.max(statuses, status(requirement.outcome()).length());
    }
    var lines = new ArrayList<String>();
    for (var requirement : policy.requirements()) {
      var outcome = requirement.outcome();
      lines.add(
          "  %s  %s  %s"
              .formatted(
                  padded(requirement.name(), names),
                  padded(status(outcome), statuses),
                  outcome.message()));
      if (!outcome.isSatisfied()) {
        outcome.findings().stream()
            .filter(finding -> finding.status() != Finding.Status.PROVEN)
            .limit(FINDINGS_IN_MESSAGE)
            .map(DecisionText::line)
            .forEach(lines::add);
      }
    }
    return lines;
  }

  private static String line(Finding finding) {
    return "    %s%s: %s".formatted(finding.what(), shortened(finding.digest()), finding.message());
  }

  private static String status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Met met -> "met";
      case Outcome.Excepted excepted -> "excepted";
      case Outcome.Unmet unmet -> unmet.reason().toString();
      case Outcome.Undecided undecided -> undecided.reason().toString();
    };
  }

  private static String name(Decision.Findings findings) {
    var digest = findings.digest();
    return digest == null || digest.equals(findings.image().digest())
        ? findings.image().toString()
        : "%s (%s)".formatted(findings.image(), digest);
  }

  private static String shortened(@Nullable Digest digest) {
    return digest == null ? "" : " " + digest.abbreviated();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
