package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.decision.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A node of the tree that explains a result, as a report keeps it. Reports of other versions of
/// ours may say what this one does not know, so codes are text.
///
/// @param digest the artifact, if it was found at all
/// @param what what it is: `cosign bundle`
/// @param where how it was found: `referrers API`
/// @param status `PROVEN`, `REJECTED` or `UNREAD`
/// @param reason why it proves nothing, if it does not
/// @param message a sentence
/// @param children evidence about this evidence
public record Evidence(
    @Nullable String digest,
    String what,
    String where,
    String status,
    @Nullable String reason,
    String message,
    List<Evidence> children) {
  public Evidence {
    requireNonNull(what, "what is null");
    requireNonNull(where, "where is null");
    requireNonNull(status, "status is null");
    requireNonNull(message, "message is null");
    children = List.copyOf(children);
  }

  static List<Evidence> of(List<Finding> findings) {
    return findings.stream().map(Evidence::of).toList();
  }

  private static Evidence of(Finding finding) {
    return new Evidence(
        finding.digest() == null ? null : finding.digest().toString(),
        finding.what(),
        finding.where(),
        finding.status().toString(),
        finding.reason() == null ? null : finding.reason().toString(),
        finding.message(),
        of(finding.children()));
  }

  /// Every digest in these trees, in the order of the trees.
  public static Set<String> digests(List<Evidence> trees) {
    var digests = new LinkedHashSet<String>();
    collect(trees, digests);
    return digests;
  }

  private static void collect(List<Evidence> trees, Set<String> digests) {
    for (var tree : trees) {
      if (tree.digest() != null) {
        digests.add(tree.digest());
      }
      collect(tree.children(), digests);
    }
  }

  /// How many nodes these trees have.
  static int count(List<Evidence> trees) {
    return trees.stream().mapToInt(tree -> 1 + count(tree.children())).sum();
  }

  /// The same trees with fewer nodes and shorter sentences: level by level, so that what stands
  /// next to the image stays.
  static List<Evidence> bounded(List<Evidence> trees, int nodes, int textLength) {
    var budget = new Budget(nodes, textLength);
    return budget.cut(trees, budget.deepestLevel(trees));
  }

  private static final class Budget {
    private final int nodes;
    private final int textLength;
    private int lastLevelLeft;

    Budget(int nodes, int textLength) {
      this.nodes = nodes;
      this.textLength = textLength;
    }

    /// The last level of which anything fits, from 1; notes how many of that fit.
    int deepestLevel(List<Evidence> trees) {
      int left = nodes;
      int depth = 0;
      var level = trees;
      while (!level.isEmpty() && left > 0) {
        depth++;
        lastLevelLeft = Math.min(left, level.size());
        left -= level.size();
        level = level.stream().flatMap(tree -> tree.children().stream()).toList();
      }
      return depth;
    }

    List<Evidence> cut(List<Evidence> trees, int levels) {
      var kept = new ArrayList<Evidence>();
      for (var tree : levels == 0 ? List.<Evidence>of() : trees) {
        if (levels > 1 || lastLevelLeft-- > 0) {
          kept.add(
              new Evidence(
                  tree.digest(),
                  Texts.cut(tree.what(), textLength),
                  Texts.cut(tree.where(), textLength),
                  tree.status(),
                  tree.reason(),
                  Texts.cut(tree.message(), textLength),
                  cut(tree.children(), levels - 1)));
        }
      }
      return kept;
    }
  }
}
