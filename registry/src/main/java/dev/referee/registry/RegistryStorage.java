package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.storage.FileObjectStore;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.S3ObjectStore;
import dev.referee.registry.storage.S3Settings;
import dev.referee.registry.storage.StorageException;
import java.nio.file.Path;

/// Where a registry keeps everything.
public sealed interface RegistryStorage {
  /// Opens it. Nothing of what it holds is read.
  ///
  /// @throws StorageException when it cannot be used
  ObjectStore open() throws StorageException;

  /// A folder, which is made when it is missing. Registries on one machine may share it.
  record Folder(Path root) implements RegistryStorage {
    public Folder {
      requireNonNull(root, "root is null");
    }

    @Override
    public ObjectStore open() throws StorageException {
      return FileObjectStore.open(root);
    }
  }

  /// A bucket, with the credentials of the environment. Any number of registries may share it.
  record Bucket(S3Settings settings) implements RegistryStorage {
    public Bucket {
      requireNonNull(settings, "settings is null");
    }

    @Override
    public ObjectStore open() throws StorageException {
      return S3ObjectStore.open(settings);
    }
  }
}
