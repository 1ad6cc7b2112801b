package dev.referee.registry.storage;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a bucket is.
///
/// @param bucket its name; it must exist
/// @param endpoint the S3 service; null for AWS's of the region
/// @param region what requests are signed for
/// @param prefix what every key begins with: empty, or ending in a slash
/// @param pathStyle whether the bucket is named in the path instead of the host
public record S3Settings(
    String bucket, @Nullable URI endpoint, String region, String prefix, boolean pathStyle) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z0-9._~-]{1,200}/){0,8}");

  public S3Settings {
    requireNonNull(region, "region is null");
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("\"%s\" is not the name of a bucket".formatted(bucket));
    }
    if (!prefix.isEmpty() && !prefix.endsWith("/")) {
      prefix += "/";
    }
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("\"%s\" cannot begin keys".formatted(prefix));
    }
    if (endpoint != null && (endpoint.getHost() == null || !isHttp(endpoint.getScheme()))) {
      throw new IllegalArgumentException("\"%s\" is not an http or https URL".formatted(endpoint));
    }
  }

  private static boolean isHttp(@Nullable String scheme) {
    return "http".equals(scheme) || "https".equals(scheme);
  }
}
