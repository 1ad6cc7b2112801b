package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Another registry that has the content of this one. Only what it is asked for by digest is
/// believed.
///
/// @param host host, with a port where it is not 443
/// @param prefix what its repositories are called by before their own name, such as `proxy/docker`
/// @param caBundle PEM certificates of authorities to trust for it beside the system's
/// @param plainHTTP whether it is spoken to without TLS
public record MirrorSpec(
    String host, @Nullable String prefix, @Nullable String caBundle, Boolean plainHTTP) {
  public MirrorSpec(
      @Nullable String host,
      @Nullable String prefix,
      @Nullable String caBundle,
      @Nullable Boolean plainHTTP) {
    this.host = Specs.required(host, "host");
    this.prefix = prefix;
    this.caBundle = caBundle;
    this.plainHTTP = plainHTTP != null && plainHTTP;
  }
}
