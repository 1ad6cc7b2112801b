package dev.referee.cli.report;

import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.Evidence;
import dev.referee.operator.audit.ReportResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The evidence of an image, drawn from left to right as an SVG: the image, what is required of it,
/// what speaks for it, and what speaks for that.
final class EvidenceGraph {
  private static final int WIDTH = 244;
  private static final int HEIGHT = 42;
  private static final int GAP_X = 46;
  private static final int GAP_Y = 10;
  private static final int MARGIN = 2;
  private static final int TITLE_CHARS = 30;
  private static final int SUB_CHARS = 36;

  private final StringBuilder edges = new StringBuilder();
  private final StringBuilder nodes = new StringBuilder();
  private int rows;
  private int columns;

  private EvidenceGraph() {}

  /// A box: what it says, how it stands, and what follows.
  private record Node(String title, String sub, String full, String style, List<Node> children) {}

  static String of(RunningImage image) {
    var graph = new EvidenceGraph();
    graph.place(root(image), 0);
    int width = graph.columns * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
    int height = graph.rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Evidence graph" width="%d" height="%d" viewBox="0 0 %1$d %2$d">
    %s%s</svg>
    """
        .formatted(width, height, graph.edges, graph.nodes);
  }

  private static Node root(RunningImage image) {
    var name = image.image();
    int slash =
        name.lastIndexOf(
            '/', Math.max(0, name.indexOf('@') < 0 ? name.length() : name.indexOf('@')));
    var digest = image.digest() == null ? "no digest" : shortened(image.digest());
    return new Node(
        name.substring(slash + 1).replaceFirst("@.*", ""),
        digest,
        name,
        "",
        image.results().stream().map(EvidenceGraph::node).toList());
  }

  private static Node node(ReportResult result) {
    var grant = result.grant();
    var children = new ArrayList<>(result.evidence().stream().map(EvidenceGraph::node).toList());
    if (grant != null) {
      children.add(
          new Node(
              "exception " + grant.exception(),
              "%s, until %s".formatted(grant.approvedBy(), grant.expiresAt()),
              result.message(),
              "skip",
              List.of()));
    }
    int more = result.evidenceCount() - count(result.evidence());
    if (more > 0) {
      children.add(
          new Node("and %d more".formatted(more), "not kept in the report", "", "", List.of()));
    }
    return new Node(
        result.requirement(),
        result.reason().isEmpty() ? result.message() : result.reason(),
        "%s: %s".formatted(result.policy(), result.message()),
        result.result().toString(),
        children);
  }

  private static int count(List<Evidence> trees) {
    return trees.stream().mapToInt(tree -> 1 + count(tree.children())).sum();
  }

  private static Node node(Evidence evidence) {
    var digest = evidence.digest() == null ? "" : shortened(evidence.digest()) + " ";
    return new Node(
        evidence.what(),
        digest + (evidence.reason() == null ? evidence.message() : evidence.reason()),
        "%s, found by %s%s: %s"
            .formatted(
                evidence.what(),
                evidence.where(),
                evidence.digest() == null ? "" : " as " + evidence.digest(),
                evidence.message()),
        switch (evidence.status()) {
          case "PROVEN" -> "pass";
          case "REJECTED" -> "fail";
          default -> "error";
        },
        evidence.children().stream().map(EvidenceGraph::node).toList());
  }

  /// Places a node in the middle of what follows from it.
  ///
  /// @return the vertical middle of its box
  private double place(Node node, int column) {
    columns = Math.max(columns, column + 1);
    double x = MARGIN + column * (double) (WIDTH + GAP_X);
    var middles = new ArrayList<Double>();
    for (var child : node.children()) {
      middles.add(place(child, column + 1));
    }
    double middle =
        middles.isEmpty()
            ? MARGIN + rows++ * (double) (HEIGHT + GAP_Y) + HEIGHT / 2.0
            : (middles.getFirst() + middles.getLast()) / 2;
    for (double to : middles) {
      edge(x + WIDTH, middle, x + WIDTH + GAP_X, to);
    }
    box(node, x, middle - HEIGHT / 2.0);
    return middle;
  }

  private void edge(double fromX, double fromY, double toX, double toY) {
    double half = (fromX + toX) / 2;
    edges.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>%n",
            fromX,
            fromY,
            half,
            fromY,
            half,
            toY,
            toX,
            toY));
  }

  /// A drawing in the drawing, so that what is too long ends at the border.
  private void box(Node node, double x, double y) {
    nodes.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"n-%s\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\"><title>%s</title>"
                + "<rect x=\"1\" y=\"1\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
                + "<text class=\"title\" x=\"11\" y=\"18\">%s</text>"
                + "<text class=\"sub\" x=\"11\" y=\"33\">%s</text></svg>%n",
            node.style().isEmpty() ? "plain" : node.style(),
            x,
            y,
            WIDTH,
            HEIGHT,
            Html.escape(node.full()),
            WIDTH - 2,
            HEIGHT - 2,
            Html.escape(cut(node.title(), TITLE_CHARS)),
            Html.escape(cut(node.sub(), SUB_CHARS))));
  }

  private static String shortened(String digest) {
    int end = digest.indexOf(':') + 13;
    return digest.length() > end ? digest.substring(0, end) : digest;
  }

  private static String cut(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters - 1)) + "\u2026";
  }
}
