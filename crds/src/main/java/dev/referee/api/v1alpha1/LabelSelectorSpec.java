package dev.referee.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Kubernetes label selector: all of it must hold.
///
/// @param matchLabels labels with exactly these values
/// @param matchExpressions conditions on single labels
public record LabelSelectorSpec(
    Map<String, String> matchLabels, List<Expression> matchExpressions) {
  public LabelSelectorSpec(
      @Nullable Map<String, String> matchLabels, @Nullable List<Expression> matchExpressions) {
    this.matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    this.matchExpressions = Specs.list(matchExpressions);
  }

  /// A condition on one label.
  public record Expression(String key, Operator operator, List<String> values) {
    public Expression(
        @Nullable String key, @Nullable Operator operator, @Nullable List<String> values) {
      this.key = Specs.required(key, "key");
      this.operator = Specs.required(operator, "operator");
      this.values = Specs.list(values);
      boolean takesValues = this.operator == Operator.IN || this.operator == Operator.NOT_IN;
      Specs.check(
          takesValues != this.values.isEmpty(),
          "In and NotIn need values, Exists and DoesNotExist take none");
    }
  }

  public enum Operator {
    @JsonProperty("In")
    IN,
    @JsonProperty("NotIn")
    NOT_IN,
    @JsonProperty("Exists")
    EXISTS,
    @JsonProperty("DoesNotExist")
    DOES_NOT_EXIST
  }
}
