package dev.referee.registry.storage;

/// Why the store failed: stable codes.
public enum StorageReason {
  /// The disk, bucket or quota is full.
  NO_SPACE,
  /// An upload is open elsewhere.
  BUSY,
  /// Others need what this needs, for the moment.
  OVERLOADED,
  /// An object is larger than any that is ever written, or unreadable.
  CORRUPT,
  /// Anything else, with the cause.
  UNAVAILABLE
}
