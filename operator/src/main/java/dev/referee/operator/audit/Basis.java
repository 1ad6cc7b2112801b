package dev.referee.operator.audit;

import dev.referee.api.v1alpha1.AuditSpec;
import dev.referee.api.v1alpha1.ResourceId;
import java.util.Collection;

/// What images are judged by, as it is now.
interface Basis {
  /// Whether all of it is known.
  boolean isReady();

  /// Changes when any policy, signer, exception or configuration does.
  String fingerprint();

  /// What of a namespace policies may select it by; changes when that does.
  String namespace(String namespace);

  /// Whether nobody asks about the objects of a namespace at admission either.
  boolean isExcluded(String namespace);

  /// How often, and what reports are written as.
  AuditSpec audit();

  /// The policies there are.
  Collection<ResourceId> policies();
}
