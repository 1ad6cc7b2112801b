package dev.referee.registry.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/// Content on its way in. Open in one place at a time, until closed; not for several threads.
public interface ContentUpload extends Closeable {
  String id();

  /// What was given when it was begun.
  byte[] state();

  /// The bytes that have arrived.
  long size();

  /// When it was begun or last grew.
  Instant lastChange();

  /// Appends everything the stream has. When it or the store fails, any part may have been
  /// appended: cut it back with [#truncate].
  void append(InputStream content) throws IOException;

  /// Cuts back to a size the upload had when an append ended or it was begun.
  void truncate(long size) throws StorageException;

  /// What has arrived, from the first byte.
  InputStream content() throws IOException;

  /// Makes everything that arrived an object, at once and durably. The upload is no more.
  ///
  /// @param key unused so far
  void commit(String key) throws StorageException;

  /// Gives it up, with everything that arrived.
  void abort() throws StorageException;

  /// Lets others open it. After [#commit] or [#abort] there is nothing to do.
  @Override
  void close() throws StorageException;
}
