package dev.referee.operator.audit;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// The kinds of reports. They differ in little more than their names.
enum ReportFormat {
  /// OpenReports (`openreports.io/v1alpha1`).
  OPEN_REPORTS("openreports.io", "v1alpha1", "Report", "reports"),
  /// Its predecessor (`wgpolicyk8s.io/v1alpha2`).
  POLICY_REPORT("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports");

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  ReportFormat(String group, String version, String kind, String plural) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  String apiVersion() {
    return group + "/" + version;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
