package dev.referee.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a registry is reached. What is absent is as for any registry: TLS, the system's authorities,
/// no credentials.
///
/// @param host host as image references name it, with a port where they do
/// @param mirrors tried in this order before the registry itself
/// @param caBundle PEM certificates of authorities to trust beside the system's
/// @param plainHTTP whether it is spoken to without TLS
/// @param credentials what it is shown; absent, none
/// @param tokenServices other hosts whose token service may be given these credentials
/// @param rateLimit absent, none
public record RegistryConfigSpec(
    String host,
    List<MirrorSpec> mirrors,
    @Nullable String caBundle,
    Boolean plainHTTP,
    @Nullable RegistryCredentialsSpec credentials,
    List<String> tokenServices,
    @Nullable RateLimitSpec rateLimit) {
  public RegistryConfigSpec(
      @Nullable String host,
      @Nullable List<MirrorSpec> mirrors,
      @Nullable String caBundle,
      @Nullable Boolean plainHTTP,
      @Nullable RegistryCredentialsSpec credentials,
      @Nullable List<String> tokenServices,
      @Nullable RateLimitSpec rateLimit) {
    this.host = Specs.required(host, "host");
    this.mirrors = Specs.list(mirrors);
    this.caBundle = caBundle;
    this.plainHTTP = plainHTTP != null && plainHTTP;
    this.credentials = credentials;
    this.tokenServices = Specs.list(tokenServices);
    this.rateLimit = rateLimit;
    Specs.checkUnique(this.mirrors.stream().map(MirrorSpec::host), "mirrors names %s twice");
    Specs.check(
        !this.plainHTTP || this.caBundle == null, "a registry without TLS has no use for caBundle");
  }
}
