package dev.referee.registry.copy;

/// Why something was not copied: stable codes.
///
/// The two groups decide what becomes of the rest. What is wrong with one artifact is left out and
/// said, so that nobody who can push junk keeps the others from being copied. What may pass ends
/// the copy, so that nothing is tagged whose evidence was not looked at.
public enum CopyReason {
  /// What was asked for is not there.
  NOT_FOUND(false),
  /// It is listed, or named by another manifest, and not there.
  MANIFEST_MISSING(false),
  /// A manifest names a blob that is not there.
  BLOB_MISSING(false),
  /// The bytes are not the ones that the digest names.
  DIGEST_MISMATCH(false),
  /// The bytes are fewer or more than the descriptor says.
  SIZE_MISMATCH(false),
  /// What should be a manifest, an index or a list is none.
  CONTENT_MALFORMED(false),
  /// It is listed as a referrer and does not say so itself.
  SUBJECT_MISMATCH(false),
  /// Indexes in indexes, or referrers of referrers, beyond what is ever followed.
  TOO_DEEP(false),
  /// More manifests than are copied at once.
  TOO_MANY(false),
  /// More bytes than such content may have.
  TOO_LARGE(false),
  /// The destination does not take it.
  TARGET_REFUSED(false),

  /// The source does not answer, or not us.
  SOURCE_FAILED(true),
  /// The destination does not answer, or not us.
  TARGET_FAILED(true);

  private final boolean mayPass;

  CopyReason(boolean mayPass) {
    this.mayPass = mayPass;
  }

  /// Whether the same copy may succeed another time.
  public boolean mayPass() {
    return mayPass;
  }
}
