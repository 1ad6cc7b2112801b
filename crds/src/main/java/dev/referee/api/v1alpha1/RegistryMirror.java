package dev.referee.api.v1alpha1;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Repositories of a bundled registry that bring what is asked for and not there from another
/// registry, with all that refers to it.
///
/// @param prefix what their names begin with, in whole components
/// @param upstream the other registry, with what its repositories begin with: `docker.io`,
///   `registry.example.com:5000/acme`
/// @param credentialsRef a Secret of the same namespace of type `kubernetes.io/dockerconfigjson`;
///   absent, nobody in particular
/// @param caBundle PEM certificates of authorities to trust beside the system's
/// @param plainHTTP whether the other registry is spoken to without TLS
/// @param refresh a tag and a list of referrers are looked at again after so long; absent, 5
///   minutes
/// @param maxBlobBytes larger blobs are not brought; absent, 64 GiB
public record RegistryMirror(
    String prefix,
    String upstream,
    @Nullable SecretReference credentialsRef,
    @Nullable String caBundle,
    Boolean plainHTTP,
    Duration refresh,
    Long maxBlobBytes) {
  private static final Pattern UPSTREAM =
      Pattern.compile(
          "([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?"
              + "(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");

  private static final Duration MIN_REFRESH = Duration.ofSeconds(1);
  private static final Duration MAX_REFRESH = Duration.ofDays(30);
  private static final long MAX_BLOB_BYTES = 1L << 40;
  private static final int MAX_PORT = 65_535;

  public RegistryMirror(
      @Nullable String prefix,
      @Nullable String upstream,
      @Nullable SecretReference credentialsRef,
      @Nullable String caBundle,
      @Nullable Boolean plainHTTP,
      @Nullable Duration refresh,
      @Nullable Long maxBlobBytes) {
    this.prefix = Specs.required(prefix, "prefix");
    this.upstream = Specs.required(upstream, "upstream");
    this.credentialsRef = credentialsRef;
    this.caBundle = caBundle;
    this.plainHTTP = plainHTTP != null && plainHTTP;
    this.refresh = refresh == null ? Duration.ofMinutes(5) : refresh;
    this.maxBlobBytes = maxBlobBytes == null ? 64L << 30 : maxBlobBytes;
    Specs.check(
        UPSTREAM.matcher(this.upstream).matches() && isAddress(host()),
        "upstream is not a registry such as docker.io or registry.example.com:5000/acme");
    Specs.check(
        !this.plainHTTP || caBundle == null, "a registry without TLS has no use for caBundle");
    Specs.check(
        !this.plainHTTP || credentialsRef == null,
        "credentials are not sent to a registry without TLS");
    Specs.check(
        this.refresh.compareTo(MIN_REFRESH) >= 0 && this.refresh.compareTo(MAX_REFRESH) <= 0,
        "refresh is not within 1s and 720h");
    Specs.check(
        this.maxBlobBytes >= 1 && this.maxBlobBytes <= MAX_BLOB_BYTES,
        "maxBlobBytes is not within 1 and " + MAX_BLOB_BYTES);
  }

  /// Host of the other registry, with a port where it is named with one.
  public String host() {
    int slash = upstream.indexOf('/');
    return slash < 0 ? upstream : upstream.substring(0, slash);
  }

  private static boolean isAddress(String host) {
    try {
      var uri = new URI("https://" + host);
      return uri.getHost() != null && uri.getPort() <= MAX_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
