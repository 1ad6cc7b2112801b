package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What belongs to no single policy.
///
/// @param unmatched absent, [Unmatched#ALLOW]: an installation without policies changes nothing
/// @param customResources other kinds that name images
/// @param excludedNamespaces namespaces, by name, whose objects are never asked about, beside
///   Referee's own
/// @param certificates absent, [CertificateIssuer#SELF_MANAGED]
/// @param audit how running images are verified again
/// @param bypassLabel a label of namespaces that switches Referee off in them, whatever its value;
///   absent, none does
public record RefereeConfigurationSpec(
    Unmatched unmatched,
    List<CustomResourceSpec> customResources,
    List<String> excludedNamespaces,
    CertificateIssuer certificates,
    AuditSpec audit,
    @Nullable String bypassLabel) {
  /// The one configuration of a cluster.
  public static final String NAME = "referee";

  public static final RefereeConfigurationSpec DEFAULT =
      new RefereeConfigurationSpec(null, null, null, null, null, null);

  public RefereeConfigurationSpec(
      @Nullable Unmatched unmatched,
      @Nullable List<CustomResourceSpec> customResources,
      @Nullable List<String> excludedNamespaces,
      @Nullable CertificateIssuer certificates,
      @Nullable AuditSpec audit,
      @Nullable String bypassLabel) {
    this.unmatched = unmatched == null ? Unmatched.ALLOW : unmatched;
    this.customResources = Specs.list(customResources);
    this.excludedNamespaces = Specs.list(excludedNamespaces);
    this.certificates = certificates == null ? CertificateIssuer.SELF_MANAGED : certificates;
    this.audit = audit == null ? AuditSpec.DEFAULT : audit;
    this.bypassLabel = bypassLabel;
    Specs.checkUnique(
        this.customResources.stream().map(custom -> custom.resource() + "." + custom.group()),
        "customResources names %s twice");
    Specs.checkUnique(this.excludedNamespaces.stream(), "excludedNamespaces names %s twice");
  }

  /// The defaults but for images that no policy matches.
  public static RefereeConfigurationSpec unmatched(Unmatched unmatched) {
    return new RefereeConfigurationSpec(unmatched, null, null, null, null, null);
  }
}
