package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The image has a software bill of materials.
///
/// @param formats the formats that count; absent, any
/// @param signedBy who must have signed the document; absent, nobody
public record SbomSpec(List<SbomFormat> formats, @Nullable SignedBySpec signedBy) {
  public SbomSpec(@Nullable List<SbomFormat> formats, @Nullable SignedBySpec signedBy) {
    this.formats = formats == null ? List.of(SbomFormat.values()) : Specs.list(formats);
    this.signedBy = signedBy;
    Specs.check(!this.formats.isEmpty(), "formats is empty; leave it out for any");
    Specs.checkUnique(this.formats.stream(), "formats names %s twice");
  }
}
