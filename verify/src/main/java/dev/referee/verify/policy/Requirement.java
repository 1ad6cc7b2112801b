package dev.referee.verify.policy;

import dev.referee.api.v1alpha1.SbomFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One requirement, compiled.
public sealed interface Requirement {
  /// Its name in the policy.
  String name();

  /// The image is signed.
  record Signature(String name, SignedBy by) implements Requirement {}

  /// The image has an SBOM.
  ///
  /// @param formats the formats that count; never empty
  /// @param signedBy who must have signed it; null, nobody
  record Sbom(String name, Set<SbomFormat> formats, @Nullable SignedBy signedBy)
      implements Requirement {
    public Sbom {
      formats = Set.copyOf(formats);
    }
  }

  /// The image must not run.
  record Deny(String name, String message) implements Requirement {}

  /// A requirement that makes no sense. It is never met.
  record Broken(String name, String message) implements Requirement {}
}
