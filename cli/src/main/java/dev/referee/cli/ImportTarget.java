package dev.referee.cli;

import dev.referee.client.RegistryClient;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.content.UploadLimits;
import dev.referee.registry.copy.CopyTarget;
import dev.referee.registry.copy.RemoteTarget;
import dev.referee.registry.copy.StoreTarget;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Where an import writes: a registry that runs, or the store of one.
interface ImportTarget {
  /// What the repository is called in a sentence.
  String name(String path);

  /// A repository of it.
  ///
  /// @param path its name
  /// @throws MisuseException when that can be no name
  CopyTarget open(String path) throws MisuseException;

  /// Finds out where.
  ///
  /// @param to `REGISTRY[/PREFIX]`; null for a store
  static ImportTarget of(@Nullable String to, StorageOptions storage, RegistryClient client)
      throws MisuseException {
    if (to == null && !storage.isGiven()) {
      throw new MisuseException(
          "one of --to, --root and --s3-bucket says where to import to: a registry that runs, or"
              + " the store of one");
    }
    if (to == null) {
      return store(storage);
    }
    if (storage.isGiven()) {
      throw new MisuseException("--to is a registry that runs, and needs no --root or --s3-bucket");
    }
    int slash = to.indexOf('/');
    var registry = slash < 0 ? to : to.substring(0, slash);
    var prefix = slash < 0 ? "" : to.substring(slash + 1) + "/";
    return new ImportTarget() {
      @Override
      public String name(String path) {
        return registry + "/" + prefix + path;
      }

      @Override
      public CopyTarget open(String path) throws MisuseException {
        try {
          return new RemoteTarget(client, new Repository(registry, prefix + path));
        } catch (MalformedContentException e) {
          throw new MisuseException(String.valueOf(e.getMessage()), e);
        }
      }
    };
  }

  private static ImportTarget store(StorageOptions storage) throws MisuseException {
    RegistryContent content;
    try {
      content =
          RegistryContent.over(
              storage.choice().open(),
              InstantSource.system(),
              UploadLimits.DEFAULT,
              SparseManifests.INDEXES);
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
    return new ImportTarget() {
      @Override
      public String name(String path) {
        return path;
      }

      @Override
      public CopyTarget open(String path) throws MisuseException {
        try {
          return new StoreTarget(content, RepositoryName.parse(path), "import");
        } catch (IOException e) {
          throw new MisuseException(String.valueOf(e.getMessage()), e);
        }
      }
    };
  }
}
