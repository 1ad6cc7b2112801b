package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status of every kind.
///
/// @param conditions one per type
public record ResourceStatus(List<Condition> conditions) {
  public ResourceStatus(@Nullable List<Condition> conditions) {
    this.conditions = Specs.list(conditions);
  }
}
