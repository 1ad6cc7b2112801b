package dev.referee.operator.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.operator.audit.ReportResult.ReportGrant;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reports as the API server stores them, written and read back. What a report of ours says is all
/// that is known after a restart.
final class ReportTree {
  static final String SOURCE = "referee";
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  static final String VERIFIED_AT = "referee.dev/verified-at";
  static final String JUDGED = "referee.dev/judged";
  static final String CONTENT = "referee.dev/content";

  /// How many results of which kind the report has no room for.
  static final String NOT_LISTED = "referee.dev/not-listed";

  private static final String CATEGORY = "Image evidence";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ReportTree() {}

  /// Owners come and go under one name; a uid is used once.
  static String name(Workload workload) {
    return "referee-" + workload.uid();
  }

  static ObjectNode write(WorkloadReport report, ReportFormat format) {
    var tree = NODES.objectNode();
    tree.put("apiVersion", format.apiVersion()).put("kind", format.kind());
    tree.set("metadata", metadata(report));
    if (format == ReportFormat.OPEN_REPORTS) {
      tree.put("source", SOURCE);
      tree.putObject("configuration")
          .putObject("limits")
          .put("maxResults", WorkloadReport.MAX_RESULTS);
    }
    var workload = report.workload();
    tree.putObject("scope")
        .put("apiVersion", workload.apiVersion())
        .put("kind", workload.kind())
        .put("namespace", workload.namespace())
        .put("name", workload.name())
        .put("uid", workload.uid());
    var summary = tree.putObject("summary");
    for (var result : Result.values()) {
      summary.put(result.toString(), report.summary().of(result));
    }
    var results = tree.putArray("results");
    report.results().forEach(result -> results.add(write(result, report.verifiedAt())));
    return tree;
  }

  private static ObjectNode metadata(WorkloadReport report) {
    var workload = report.workload();
    var metadata = NODES.objectNode();
    metadata.put("name", name(workload)).put("namespace", workload.namespace());
    metadata.putObject("labels").put(MANAGED_BY, SOURCE);
    var annotations = metadata.putObject("annotations");
    annotations
        .put(VERIFIED_AT, report.verifiedAt().toString())
        .put(JUDGED, report.judged())
        .put(CONTENT, report.contentHash());
    if (report.notListed().total() > 0) {
      annotations.put(NOT_LISTED, report.notListed().toString());
    }
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", workload.apiVersion())
        .put("kind", workload.kind())
        .put("name", workload.name())
        .put("uid", workload.uid());
    return metadata;
  }

  private static ObjectNode write(ReportResult result, Instant verifiedAt) {
    var node = NODES.objectNode();
    node.put("source", SOURCE)
        .put("policy", result.policy())
        .put("rule", result.requirement())
        .put("category", CATEGORY)
        .put("result", result.result().toString())
        .put("scored", true)
        .put("message", result.message());
    severity(result).ifPresent(severity -> node.put("severity", severity));
    node.putObject("timestamp").put("seconds", verifiedAt.getEpochSecond()).put("nanos", 0);
    node.set("properties", properties(result));
    return node;
  }

  private static Optional<String> severity(ReportResult result) {
    return switch (result.result()) {
      case FAIL -> Optional.of(result.action().equals("Enforce") ? "high" : "medium");
      case ERROR, WARN -> Optional.of("medium");
      case SKIP, PASS -> Optional.empty();
    };
  }

  static ObjectNode properties(ReportResult result) {
    var properties = NODES.objectNode();
    properties.put("image", result.image()).put("action", result.action());
    if (result.digest() != null) {
      properties.put("digest", result.digest());
    }
    if (!result.reason().isEmpty()) {
      properties.put("reason", result.reason());
    }
    if (result.wouldDeny()) {
      properties.put("wouldDeny", "true");
    }
    if (result.grant() != null) {
      properties
          .put("exception", result.grant().exception())
          .put("approvedBy", result.grant().approvedBy())
          .put("expiresAt", result.grant().expiresAt());
    }
    if (result.evidenceCount() > 0) {
      properties
          .put("evidenceDigests", String.join(",", Evidence.digests(result.evidence())))
          .put("evidenceCount", Integer.toString(result.evidenceCount()))
          .put("evidence", evidence(result.evidence()).toString());
    }
    return properties;
  }

  private static JsonNode evidence(List<Evidence> trees) {
    var array = NODES.arrayNode();
    for (var tree : trees) {
      var node = array.addObject();
      if (tree.digest() != null) {
        node.put("digest", tree.digest());
      }
      node.put("what", tree.what()).put("where", tree.where()).put("status", tree.status());
      if (tree.reason() != null) {
        node.put("reason", tree.reason());
      }
      node.put("message", tree.message());
      if (!tree.children().isEmpty()) {
        node.set("evidence", evidence(tree.children()));
      }
    }
    return array;
  }

  /// Reads a report; empty for one that is not ours or that nobody can read, which is then written
  /// anew.
  static Optional<WorkloadReport> read(JsonNode tree) {
    var metadata = tree.path("metadata");
    var annotations = metadata.path("annotations");
    if (!metadata.path("labels").path(MANAGED_BY).asText().equals(SOURCE)
        || !annotations.has(VERIFIED_AT)) {
      return Optional.empty();
    }
    try {
      var scope = tree.path("scope");
      var workload =
          new Workload(
              scope.path("apiVersion").asText(),
              scope.path("kind").asText(),
              metadata.path("namespace").asText(),
              scope.path("name").asText(),
              scope.path("uid").asText());
      var results = new ArrayList<ReportResult>();
      for (var result : tree.path("results")) {
        results.add(readResult(result));
      }
      return Optional.of(
          new WorkloadReport(
              workload,
              results,
              readSummary(tree.path("summary")),
              Instant.parse(annotations.path(VERIFIED_AT).asText()),
              annotations.path(JUDGED).asText()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Tally readSummary(JsonNode summary) {
    var counts = new EnumMap<Result, Integer>(Result.class);
    for (var result : Result.values()) {
      counts.put(result, summary.path(result.toString()).asInt());
    }
    return new Tally(counts);
  }

  private static ReportResult readResult(JsonNode node) {
    var properties = node.path("properties");
    return new ReportResult(
        properties.path("image").asText(),
        text(properties, "digest"),
        node.path("policy").asText(),
        node.path("rule").asText(),
        // What is not known is not fulfilled.
        Result.of(node.path("result").asText()).orElse(Result.ERROR),
        properties.path("reason").asText(),
        node.path("message").asText(),
        properties.path("action").asText(),
        properties.path("wouldDeny").asText().equals("true"),
        readGrant(properties),
        readEvidence(properties.path("evidence").asText()),
        number(properties.path("evidenceCount").asText()));
  }

  private static @Nullable ReportGrant readGrant(JsonNode properties) {
    return properties.has("exception")
        ? new ReportGrant(
            properties.path("exception").asText(),
            properties.path("approvedBy").asText(),
            properties.path("expiresAt").asText())
        : null;
  }

  private static List<Evidence> readEvidence(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    try {
      return readEvidence(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static List<Evidence> readEvidence(JsonNode trees) {
    var evidence = new ArrayList<Evidence>();
    for (var tree : trees) {
      evidence.add(
          new Evidence(
              text(tree, "digest"),
              tree.path("what").asText(),
              tree.path("where").asText(),
              tree.path("status").asText(),
              text(tree, "reason"),
              tree.path("message").asText(),
              readEvidence(tree.path("evidence"))));
    }
    return evidence;
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.has(field) ? node.path(field).asText() : null;
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }
}
