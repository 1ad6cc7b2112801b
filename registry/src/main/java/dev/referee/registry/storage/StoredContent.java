package dev.referee.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An object that can be read in parts.
public interface StoredContent {
  /// Its length in bytes.
  long size();

  /// The file that holds exactly these bytes, where there is one.
  @Nullable Path file();

  /// A stream of the bytes from an offset on.
  InputStream stream(long offset) throws IOException;
}
