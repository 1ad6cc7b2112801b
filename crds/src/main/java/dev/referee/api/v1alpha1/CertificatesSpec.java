package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Authorities of one's own.
///
/// @param authorities certificates in PEM that signers' certificates lead to: each that is issued
///   by itself is trusted, the others may stand between; where none is, all are trusted
/// @param timestampAuthorities the same for timestamps. Present, a signature needs one; absent, a
///   certificate counts while it is valid
public record CertificatesSpec(ValueSpec authorities, @Nullable ValueSpec timestampAuthorities) {
  public CertificatesSpec(
      @Nullable ValueSpec authorities, @Nullable ValueSpec timestampAuthorities) {
    this.authorities = Specs.required(authorities, "authorities");
    this.timestampAuthorities = timestampAuthorities;
  }
}
