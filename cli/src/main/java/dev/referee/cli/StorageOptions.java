package dev.referee.cli;

import dev.referee.registry.RegistryStorage;
import dev.referee.registry.storage.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the registry keeps everything: a folder or a bucket.
final class StorageOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The folder of the store; made when it is missing.")
  private @Nullable Path root;

  @Option(
      names = "--s3-bucket",
      paramLabel = "NAME",
      description = {
        "The bucket of the store, which must exist, instead of --root.",
        "Its credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the pod's own."
      })
  private @Nullable String bucket;

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "An S3 service other than AWS.")
  private @Nullable URI endpoint;

  @Option(
      names = "--s3-region",
      paramLabel = "NAME",
      defaultValue = "us-east-1",
      description = "The bucket's region (${DEFAULT-VALUE}).")
  private String region = "us-east-1";

  @Option(
      names = "--s3-prefix",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "What every key begins with.")
  private String prefix = "";

  @Option(
      names = "--s3-path-style",
      description = "Name the bucket in the path instead of the host.")
  private boolean pathStyle;

  /// Whether any was chosen.
  boolean isGiven() {
    return root != null || bucket != null;
  }

  /// The storage that was chosen.
  RegistryStorage choice() throws MisuseException {
    if (root != null && bucket == null) {
      return new RegistryStorage.Folder(root);
    }
    if (root != null || bucket == null) {
      throw new MisuseException("exactly one of --root and --s3-bucket says where to keep things");
    }
    try {
      return new RegistryStorage.Bucket(
          new S3Settings(bucket, endpoint, region, prefix, pathStyle));
    } catch (IllegalArgumentException e) {
      throw new MisuseException("--s3-*: " + e.getMessage(), e);
    }
  }
}
