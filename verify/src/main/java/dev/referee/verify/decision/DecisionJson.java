package dev.referee.verify.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Decisions for programs: the stable shape of `referee verify -o json`.
public final class DecisionJson {
  private DecisionJson() {}

  /// The decision as an object: `image`, `digest`, `verdict`, `policies[]` with `requirements[]`,
  /// each with `outcome`, `reason`, `message` and its `evidence[]` tree.
  public static ObjectNode of(Decision decision) {
    var findings = decision.findings();
    var node = JsonNodeFactory.instance.objectNode();
    node.put("image", findings.image().toString());
    node.put("digest", findings.digest() == null ? null : findings.digest().toString());
    node.put(
        "verdict",
        switch (decision) {
          case Decision.Allowed allowed -> "allowed";
          case Decision.Warned warned -> "warned";
          case Decision.Denied denied -> denied.isUndecided() ? "undecided" : "denied";
        });
    if (findings.policies().isEmpty()) {
      node.put("unmatched", findings.unmatched().toString());
    }
    var policies = node.putArray("policies");
    findings.policies().forEach(policy -> policies.add(of(policy)));
    return node;
  }

  private static ObjectNode of(PolicyResult policy) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("policy", policy.policy().toString());
    node.put("action", policy.action().toString());
    node.put("onError", policy.onError().toString());
    node.put("fulfilled", policy.isFulfilled());
    var requirements = node.putArray("requirements");
    for (var requirement : policy.requirements()) {
      requirements.add(of(requirement));
    }
    return node;
  }

  private static ObjectNode of(RequirementResult requirement) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("name", requirement.name());
    switch (requirement.outcome()) {
      case Outcome.Met met -> node.put("outcome", "met");
      case Outcome.Excepted excepted ->
          node.put("outcome", "excepted")
              .put("exception", excepted.grant().exception().name())
              .put("approvedBy", excepted.grant().approvedBy())
              .put("expiresAt", excepted.grant().expiresAt().toString());
      case Outcome.Unmet unmet ->
          node.put("outcome", "unmet").put("reason", unmet.reason().toString());
      case Outcome.Undecided undecided ->
          node.put("outcome", "undecided").put("reason", undecided.reason().toString());
    }
    node.put("message", requirement.outcome().message());
    add(node, requirement.outcome().findings());
    return node;
  }

  private static void add(ObjectNode node, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    var evidence = node.putArray("evidence");
    for (var finding : findings) {
      var child = evidence.addObject();
      child.put("digest", finding.digest() == null ? null : finding.digest().toString());
      child.put("what", finding.what());
      child.put("where", finding.where());
      child.put("status", finding.status().toString());
      if (finding.reason() != null) {
        child.put("reason", finding.reason().toString());
      }
      child.put("message", finding.message());
      add(child, finding.children());
    }
  }
}
