package dev.referee.gate;

import java.util.Map;
import java.util.Optional;

/// Knows the labels of namespaces, for the policies that select by them.
@FunctionalInterface
public interface NamespaceLabels {
  /// Where nothing is known, every policy that may be meant applies.
  NamespaceLabels UNKNOWN = namespace -> Optional.empty();

  /// The labels of a namespace; empty where they cannot be found out.
  Optional<Map<String, String>> labels(String namespace);
}
