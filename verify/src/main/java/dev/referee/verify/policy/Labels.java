package dev.referee.verify.policy;

import dev.referee.api.v1alpha1.LabelSelectorSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates label selectors as Kubernetes does (`metav1.LabelSelector`).
final class Labels {
  private Labels() {}

  /// Whether labels are selected.
  ///
  /// @param selector null selects everything
  /// @param labels null where they are not known. A policy that may be meant then counts as meant:
  ///   a failed lookup must never switch a policy off (CVE-2025-46342)
  static boolean selected(
      @Nullable LabelSelectorSpec selector, @Nullable Map<String, String> labels) {
    if (selector == null || labels == null) {
      return true;
    }
    return selector.matchLabels().entrySet().stream()
            .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())))
        && selector.matchExpressions().stream().allMatch(expression -> holds(expression, labels));
  }

  private static boolean holds(
      LabelSelectorSpec.Expression expression, Map<String, String> labels) {
    var value = labels.get(expression.key());
    return switch (expression.operator()) {
      case IN -> value != null && expression.values().contains(value);
      case NOT_IN -> value == null || !expression.values().contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
    };
  }
}
