package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of one piece of evidence: a node of the tree that explains a requirement.
///
/// @param digest the artifact, if it was found at all
/// @param what what it is: `cosign bundle`, `SPDX 2.3`
/// @param where how it was found: `referrers API`, `tag sha256-....sig`
/// @param status whether it proves something
/// @param reason why not, if it does not
/// @param message a sentence
/// @param children evidence about this evidence
public record Finding(
    @Nullable Digest digest,
    String what,
    String where,
    Status status,
    @Nullable Reason reason,
    String message,
    List<Finding> children) {
  public Finding {
    requireNonNull(what, "what is null");
    requireNonNull(where, "where is null");
    requireNonNull(status, "status is null");
    requireNonNull(message, "message is null");
    children = List.copyOf(children);
  }

  public enum Status {
    /// It proves what it says.
    PROVEN,
    /// It was looked at and proves nothing.
    REJECTED,
    /// It could not be looked at.
    UNREAD
  }

  public static Finding proven(
      Digest digest, String what, String where, String message, List<Finding> children) {
    return new Finding(digest, what, where, Status.PROVEN, null, message, children);
  }

  public static Finding rejected(
      @Nullable Digest digest, String what, String where, Reason reason, String message) {
    return new Finding(digest, what, where, Status.REJECTED, reason, message, List.of());
  }

  public static Finding unread(
      @Nullable Digest digest, String what, String where, Reason reason, String message) {
    return new Finding(digest, what, where, Status.UNREAD, reason, message, List.of());
  }
}
