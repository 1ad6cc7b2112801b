package dev.referee.registry.content;

/// Why a request is refused, in the words of the specification (distribution-spec v1.1.1, "Error
/// Codes") with the status that carries each by default.
public enum ErrorCode {
  BLOB_UNKNOWN(404),
  BLOB_UPLOAD_INVALID(416),
  BLOB_UPLOAD_UNKNOWN(404),
  DIGEST_INVALID(400),
  /// A manifest that names what this repository does not have.
  MANIFEST_BLOB_UNKNOWN(400),
  MANIFEST_INVALID(400),
  MANIFEST_UNKNOWN(404),
  NAME_INVALID(400),
  NAME_UNKNOWN(404),
  SIZE_INVALID(400),
  UNSUPPORTED(405),
  TOOMANYREQUESTS(429),
  /// The client does not say who it is, or does not prove it.
  UNAUTHORIZED(401),
  /// The client is known and may not do this.
  DENIED(403),

  // Not in the list of the specification, which allows others.
  PAGINATION_NUMBER_INVALID(400),
  /// A tag does not point at what the client said it must.
  PRECONDITION_FAILED(412),
  /// A request that is wrong in itself, such as a broken query.
  REQUEST_INVALID(400),
  /// The store is full.
  STORAGE_FULL(507),
  /// What the registry itself depends on does not answer.
  UNAVAILABLE(503),
  /// The registry's own fault.
  UNKNOWN(500);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
