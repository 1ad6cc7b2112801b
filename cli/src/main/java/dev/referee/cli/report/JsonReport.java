package dev.referee.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.Evidence;
import dev.referee.operator.audit.ReportResult;
import dev.referee.operator.audit.Verdict;
import java.util.List;
import java.util.Locale;

/// For programs: everything that is known, in a stable shape.
final class JsonReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonReport() {}

  static String of(ClusterState state) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("cluster", state.cluster());
    tree.put("namespace", state.namespace());
    tree.put("at", state.at().toString());
    tree.put("reports", state.reports());
    var summary = tree.putObject("summary");
    summary.put("workloads", state.workloads().size());
    var images = summary.putObject("images");
    for (var verdict : Verdict.values()) {
      images.put(word(verdict), state.count(verdict));
    }
    var workloads = tree.putArray("workloads");
    state.workloads().forEach(workload -> workloads.add(of(workload)));
    return print(tree);
  }

  /// Indented, with a line break at its end.
  static String print(JsonNode tree) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  /// A verdict for programs: `NOT_LISTED` is `notListed`.
  static String word(Verdict verdict) {
    return verdict == Verdict.NOT_LISTED ? "notListed" : verdict.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode of(RunningWorkload running) {
    var workload = running.workload();
    var node = JsonNodeFactory.instance.objectNode();
    node.put("apiVersion", workload.apiVersion());
    node.put("kind", workload.kind());
    node.put("namespace", workload.namespace());
    node.put("name", workload.name());
    node.put("uid", workload.uid());
    node.put("pods", running.pods());
    node.put("verifiedAt", running.verifiedAt() == null ? null : running.verifiedAt().toString());
    node.put("notListed", running.notListed().total());
    var images = node.putArray("images");
    running.images().forEach(image -> images.add(of(image)));
    return node;
  }

  private static ObjectNode of(RunningImage image) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("image", image.image());
    node.put("digest", image.digest());
    node.put("verdict", word(image.verdict()));
    var results = node.putArray("results");
    image.results().forEach(result -> results.add(of(result)));
    return node;
  }

  private static ObjectNode of(ReportResult result) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("policy", result.policy());
    node.put("requirement", result.requirement());
    node.put("result", result.result().toString());
    if (!result.reason().isEmpty()) {
      node.put("reason", result.reason());
    }
    node.put("message", result.message());
    node.put("action", result.action());
    node.put("wouldDeny", result.wouldDeny());
    if (result.grant() != null) {
      node.putObject("exception")
          .put("name", result.grant().exception())
          .put("approvedBy", result.grant().approvedBy())
          .put("expiresAt", result.grant().expiresAt());
    }
    node.put("evidenceCount", result.evidenceCount());
    add(node.putArray("evidence"), result.evidence());
    return node;
  }

  private static void add(ArrayNode array, List<Evidence> trees) {
    for (var tree : trees) {
      var node = array.addObject();
      node.put("digest", tree.digest());
      node.put("what", tree.what());
      node.put("where", tree.where());
      node.put("status", tree.status());
      if (tree.reason() != null) {
        node.put("reason", tree.reason());
      }
      node.put("message", tree.message());
      if (!tree.children().isEmpty()) {
        add(node.putArray("evidence"), tree.children());
      }
    }
  }
}
