package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

/// A body that is no admission review. What of it could be made out is the uid, so that the API
/// server can still take the denial for an answer.
final class MalformedReviewException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String uid;

  MalformedReviewException(String uid, String message) {
    super(message);
    this.uid = requireNonNull(uid, "uid is null");
  }

  /// Empty where it could not be made out.
  String uid() {
    return uid;
  }
}
