package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ResourceId;

/// Something about an object that makes no sense, for whoever wrote it.
///
/// @param object which object
/// @param reason one word for programs, in the spelling of condition reasons: `UnknownSigner`
/// @param message a sentence for people
public record Problem(ResourceId object, String reason, String message) {
  public static final String INVALID_PATTERN = "InvalidPattern";
  public static final String INVALID_KEY = "InvalidKey";
  public static final String UNKNOWN_SIGNER = "UnknownSigner";
  public static final String INVALID_SIGNER = "InvalidSigner";
  public static final String DUPLICATE_KEY = "DuplicateKey";

  /// One signer would count twice.
  public static final String DUPLICATE_SIGNER = "DuplicateSigner";

  /// A group that is a member of itself.
  public static final String CIRCULAR_GROUP = "CircularGroup";

  public static final String TOO_MANY_SIGNERS = "TooManySigners";
  public static final String INVALID_IDENTITY = "InvalidIdentity";
  public static final String UNKNOWN_TRUST_ROOT = "UnknownTrustRoot";
  public static final String INVALID_TRUST_ROOT = "InvalidTrustRoot";
  public static final String NAMESPACE_SELECTOR = "NamespaceSelectorNotAllowed";
  public static final String UNKNOWN_POLICY = "UnknownPolicy";
  public static final String UNKNOWN_REQUIREMENT = "UnknownRequirement";

  /// A Secret or ConfigMap, or the value in it, is not there.
  public static final String REFERENCE_NOT_FOUND = "ReferenceNotFound";

  /// Referee may not read it.
  public static final String REFERENCE_FORBIDDEN = "ReferenceForbidden";

  /// It was not looked up yet, or cannot be.
  public static final String REFERENCE_UNKNOWN = "ReferenceUnknown";

  public Problem {
    requireNonNull(object, "object is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }

  @Override
  public String toString() {
    return "%s: %s (%s)".formatted(object, message, reason);
  }
}
