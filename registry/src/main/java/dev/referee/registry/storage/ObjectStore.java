package dev.referee.registry.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Objects by key, shared by any number of threads and processes.
///
/// Keys are segments joined by `/`, each of 1 to 255 of the characters `A-Za-z0-9._~-`, none of
/// them `.` or `..`. No key may be another key followed by `/` and more: file systems cannot hold
/// both.
///
/// What a method has acknowledged survives a loss of power, and every later call of anybody sees
/// it. An object is there whole or not at all. The methods are few and simple enough for S3, which
/// has no locks, no renames and no directories.
public interface ObjectStore {
  /// More than the largest small object, the record of a manifest of 4 MiB with its lists.
  int MAX_OBJECT_BYTES = 16 << 20;

  /// The most keys that one call lists.
  int MAX_LISTED = 10_000;

  /// Writes a small object, over whatever was there.
  void put(String key, byte[] content) throws StorageException;

  /// Writes a small object unless there is one. Of several callers at once exactly one succeeds.
  ///
  /// @return whether this call wrote it
  boolean putIfAbsent(String key, byte[] content) throws StorageException;

  /// Writes a small object over exactly what its writer knows of, so that of several callers that
  /// have read the same exactly one succeeds.
  ///
  /// @param expected the whole content that must be there
  /// @return whether this call wrote it; false when there is something else, or nothing
  boolean replace(String key, byte[] expected, byte[] content) throws StorageException;

  /// Reads a small object.
  Optional<byte[]> get(String key) throws StorageException;

  /// Whether there is an object of this key.
  boolean exists(String key) throws StorageException;

  /// Finds out whether something changed without reading it.
  ///
  /// @param keyOrPrefix a key, or a prefix that ends in `/` and whose keys have one more segment
  /// @return a text that is the same at two moments only if, at both, the object or the list of
  ///   keys is the same; null when that cannot be told, or there is no such object
  @Nullable String version(String keyOrPrefix) throws StorageException;

  /// The first keys under a prefix, in the order of their bytes.
  ///
  /// @param prefix ends in `/`
  /// @param after only keys behind this one, which need not exist; null for all
  /// @param limit at most so many, up to [#MAX_LISTED]
  List<String> list(String prefix, @Nullable String after, int limit) throws StorageException;

  /// Removes an object; it is no error when there is none.
  void delete(String key) throws StorageException;

  /// Opens an object of any size for reading.
  Optional<StoredContent> open(String key) throws StorageException;

  /// Begins content that arrives in pieces, for somebody who comes back with its id. Uploads need
  /// not survive a loss of power.
  ///
  /// @param id a segment of a key, unused so far
  /// @param state what the owner wants to know when it resumes
  ContentUpload beginUpload(String id, byte[] state) throws StorageException;

  /// Opens an upload that was begun, by whichever process.
  ///
  /// @throws StorageException with `BUSY` while somebody else has it open
  Optional<ContentUpload> resumeUpload(String id) throws StorageException;

  /// When an upload that was begun was begun or last grew. Looks without opening it, so that nobody
  /// is kept out.
  Optional<Instant> uploadChanged(String id) throws StorageException;

  /// The ids of uploads that were begun and neither committed nor aborted, in order.
  ///
  /// @param after only ids behind this one; null for all
  List<String> listUploads(@Nullable String after, int limit) throws StorageException;
}
