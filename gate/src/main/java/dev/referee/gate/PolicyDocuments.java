package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.Resource;
import dev.referee.verify.policy.PolicyCompiler;
import dev.referee.verify.policy.PolicySet;
import dev.referee.verify.policy.ReferencedValues;
import java.util.List;

/// What policy files say: our own objects, and the Secrets and ConfigMaps beside them.
///
/// @param resources our own objects
/// @param values what those may keep elsewhere
public record PolicyDocuments(List<Resource> resources, ReferencedValues values) {
  public PolicyDocuments {
    requireNonNull(values, "values is null");
    resources = List.copyOf(resources);
  }

  public PolicySet compile() {
    return PolicyCompiler.compile(resources, values);
  }
}
