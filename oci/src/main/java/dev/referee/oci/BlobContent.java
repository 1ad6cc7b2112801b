package dev.referee.oci;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bytes of a blob, which can be read more than once: a push that was refused for want of a
/// token starts again.
@FunctionalInterface
public interface BlobContent {
  /// A fresh stream from the first byte.
  InputStream open() throws IOException;

  static BlobContent of(byte[] content) {
    return () -> new ByteArrayInputStream(content);
  }

  static BlobContent of(Path file) {
    return () -> Files.newInputStream(file);
  }
}
