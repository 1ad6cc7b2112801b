package dev.referee.verify.sbom;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.SbomFormat;

/// What an SBOM says of itself.
///
/// @param format the family
/// @param version the version of the format, as the document spells it: `2.3`, `1.6`
/// @param packages how many packages or components it lists at its top level
public record SbomDocument(SbomFormat format, String version, long packages) {
  public SbomDocument {
    requireNonNull(format, "format is null");
    requireNonNull(version, "version is null");
  }

  /// `SPDX 2.3, 312 packages`.
  public String describe() {
    return "%s %s, %d %s"
        .formatted(format, version, packages, packages == 1 ? "package" : "packages");
  }
}
