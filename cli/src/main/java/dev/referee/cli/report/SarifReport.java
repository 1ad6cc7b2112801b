package dev.referee.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.Digest;
import dev.referee.operator.audit.ClusterState;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.Evidence;
import dev.referee.operator.audit.ReportResult;
import java.util.LinkedHashMap;
import java.util.Map;

/// For tools that collect findings (SARIF 2.1.0). A rule is a requirement of a policy; where it was
/// looked at is a workload, and the artifact is the image.
final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private final Map<String, Integer> rules = new LinkedHashMap<>();
  private final ArrayNode ruleNodes = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode results = JsonNodeFactory.instance.arrayNode();

  private SarifReport() {}

  static String of(ClusterState state) {
    var report = new SarifReport();
    state.workloads().forEach(report::add);
    return JsonReport.print(report.log(state));
  }

  private ObjectNode log(ClusterState state) {
    var log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", SCHEMA).put("version", "2.1.0");
    var run = log.putArray("runs").addObject();
    var driver = run.putObject("tool").putObject("driver");
    driver.put("name", "referee");
    driver.set("rules", ruleNodes);
    run.putArray("invocations")
        .addObject()
        .put("executionSuccessful", true)
        .put("endTimeUtc", state.at().toString());
    run.put("columnKind", "utf16CodeUnits");
    run.set("results", results);
    run.putObject("properties").put("cluster", state.cluster()).put("reports", state.reports());
    return log;
  }

  private void add(RunningWorkload running) {
    for (var image : running.images()) {
      for (var result : image.results()) {
        add(running, result);
      }
    }
  }

  private void add(RunningWorkload running, ReportResult result) {
    var node = results.addObject();
    var rule = result.policy() + "/" + result.requirement();
    node.put("ruleId", rule).put("ruleIndex", index(rule, result));
    node.put("kind", kind(result)).put("level", level(result));
    node.putObject("message")
        .put(
            "text",
            "%s: %s: %s%s"
                .formatted(
                    running.workload().describe(),
                    result.image(),
                    result.reason().isEmpty() ? "" : result.reason() + ": ",
                    result.message()));
    var location = node.putArray("locations").addObject();
    location
        .putObject("physicalLocation")
        .putObject("artifactLocation")
        .put("uri", "oci://" + encoded(result.image()));
    location
        .putArray("logicalLocations")
        .addObject()
        .put("kind", "resource")
        .put("name", running.workload().name())
        .put("fullyQualifiedName", running.workload().describe());
    node.putObject("partialFingerprints")
        .put(
            "refereeQuestion/v1",
            Digest.of(
                    String.join("\n", running.workload().describe(), result.image(), rule)
                        .getBytes(UTF_8))
                .hex());
    properties(node.putObject("properties"), result);
  }

  private int index(String rule, ReportResult result) {
    return rules.computeIfAbsent(
        rule,
        id -> {
          var node = ruleNodes.addObject();
          node.put("id", id);
          node.putObject("shortDescription")
              .put("text", "requirement %s of %s".formatted(result.requirement(), result.policy()));
          node.putObject("properties").put("action", result.action());
          return ruleNodes.size() - 1;
        });
  }

  /// What could not be found out is an open question, which the format has a word for.
  private static String kind(ReportResult result) {
    return switch (result.result()) {
      case FAIL, WARN -> "fail";
      case ERROR -> "open";
      case SKIP -> "notApplicable";
      case PASS -> "pass";
    };
  }

  /// Section 3.27.10: what is no failure has no level.
  private static String level(ReportResult result) {
    return switch (result.result()) {
      case FAIL -> "error";
      case WARN -> "warning";
      case ERROR, SKIP, PASS -> "none";
    };
  }

  private static void properties(ObjectNode node, ReportResult result) {
    node.put("image", result.image())
        .put("action", result.action())
        .put("wouldDeny", result.wouldDeny());
    if (result.digest() != null) {
      node.put("digest", result.digest());
    }
    if (!result.reason().isEmpty()) {
      node.put("reason", result.reason());
    }
    if (result.grant() != null) {
      node.put("exception", result.grant().exception())
          .put("approvedBy", result.grant().approvedBy())
          .put("expiresAt", result.grant().expiresAt());
    }
    var evidence = node.putArray("evidence");
    Evidence.digests(result.evidence()).forEach(evidence::add);
  }

  /// RFC 3986, whatever a pod calls its image.
  private static String encoded(String image) {
    var uri = new StringBuilder();
    for (var b : image.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/:@".indexOf(c) >= 0)) {
        uri.append(c);
      } else {
        uri.append("%%%02X".formatted(b));
      }
    }
    return uri.toString();
  }
}
