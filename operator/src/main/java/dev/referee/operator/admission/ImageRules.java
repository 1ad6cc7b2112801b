package dev.referee.operator.admission;

import dev.referee.api.v1alpha1.CustomResourceSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which requests can bring images into a cluster.
final class ImageRules {
  private static final String CREATE = "CREATE";
  private static final String UPDATE = "UPDATE";
  private static final String NAMESPACED = "Namespaced";

  private ImageRules() {}

  /// Every kind of Kubernetes with a pod in it, their scaling, and the declared kinds of others.
  static List<RuleWithOperations> all(List<CustomResourceSpec> customResources) {
    var rules = new ArrayList<RuleWithOperations>();
    rules.add(
        rule(
            "",
            "v1",
            NAMESPACED,
            List.of(CREATE, UPDATE),
            "pods",
            "pods/ephemeralcontainers",
            "podtemplates",
            "replicationcontrollers"));
    rules.add(rule("", "v1", NAMESPACED, List.of(UPDATE), "replicationcontrollers/scale"));
    rules.add(
        rule(
            "apps",
            "v1",
            NAMESPACED,
            List.of(CREATE, UPDATE),
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets"));
    rules.add(
        rule(
            "apps",
            "v1",
            NAMESPACED,
            List.of(UPDATE),
            "deployments/scale",
            "replicasets/scale",
            "statefulsets/scale"));
    rules.add(rule("batch", "v1", NAMESPACED, List.of(CREATE, UPDATE), "cronjobs", "jobs"));
    customResources.stream()
        .sorted(
            Comparator.comparing(CustomResourceSpec::group)
                .thenComparing(CustomResourceSpec::resource))
        .forEach(
            custom ->
                rules.add(
                    rule(custom.group(), "*", "*", List.of(CREATE, UPDATE), custom.resource())));
    return List.copyOf(rules);
  }

  /// What is pinned: pods. Changing templates would fight with whoever applies them again.
  static List<RuleWithOperations> pods() {
    return List.of(
        rule("", "v1", NAMESPACED, List.of(CREATE, UPDATE), "pods", "pods/ephemeralcontainers"));
  }

  /// The objects of our own API, of whatever version.
  static List<RuleWithOperations> own(String group) {
    return List.of(rule(group, "*", "*", List.of(CREATE, UPDATE), "*"));
  }

  private static RuleWithOperations rule(
      String group, String version, String scope, List<String> operations, String... resources) {
    return new RuleWithOperationsBuilder()
        .withApiGroups(group)
        .withApiVersions(version)
        .withOperations(operations)
        .withResources(resources)
        .withScope(scope)
        .build();
  }
}
