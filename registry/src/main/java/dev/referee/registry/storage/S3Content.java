package dev.referee.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An object that is one object of a bucket.
record S3Content(S3Bucket bucket, String key, long size) implements StoredContent {
  @Override
  public @Nullable Path file() {
    return null;
  }

  @Override
  public InputStream stream(long offset) throws IOException {
    // A range that begins at the end is no range.
    return offset >= size ? InputStream.nullInputStream() : bucket.stream(key, offset);
  }
}
