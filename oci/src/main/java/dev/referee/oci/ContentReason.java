package dev.referee.oci;

/// Why content was refused: stable codes, safe to match on and to show.
public enum ContentReason {
  DIGEST_INVALID,
  REFERENCE_INVALID,
  MEDIA_TYPE_INVALID,
  /// The body says one media type, whoever delivered it another (CVE-2021-41190).
  MEDIA_TYPE_MISMATCH,
  MEDIA_TYPE_UNSUPPORTED,
  /// One body that could be read as a manifest and as an index (CVE-2021-41190).
  MANIFEST_AMBIGUOUS,
  SIZE_OUT_OF_RANGE,
  JSON_MALFORMED,
  JSON_TOO_LARGE,
  FIELD_MISSING,
  FIELD_INVALID
}
