package dev.referee.verify.notation;

import static dev.referee.verify.notation.Validation.AUTHENTICITY;
import static dev.referee.verify.notation.Validation.REVOCATION;
import static dev.referee.verify.notation.ValidationAction.ENFORCE;
import static dev.referee.verify.notation.ValidationAction.LOG;
import static dev.referee.verify.notation.ValidationAction.SKIP;

import java.util.EnumMap;
import java.util.Map;

/// How much of what can be checked is enforced. The level `skip` of notation's trust policies does
/// not exist here: whoever asks for no signature writes no requirement.
public enum VerificationLevel {
  /// Everything.
  STRICT,
  /// Integrity and authenticity.
  PERMISSIVE,
  /// Integrity alone: anybody's signature will do.
  AUDIT;

  /// The actions of this level.
  ///
  /// @param overrides what is done otherwise
  /// @throws UnusableNotationTrustException for what cannot be overridden so
  public Map<Validation, ValidationAction> actions(Map<Validation, ValidationAction> overrides)
      throws UnusableNotationTrustException {
    var actions = new EnumMap<Validation, ValidationAction>(Validation.class);
    for (var validation : Validation.values()) {
      actions.put(validation, action(validation));
    }
    for (var override : overrides.entrySet()) {
      if (override.getValue() == SKIP && override.getKey() != REVOCATION) {
        throw new UnusableNotationTrustException(
            "only the check for revocation can be skipped, not that of " + override.getKey());
      }
      actions.put(override.getKey(), override.getValue());
    }
    return actions;
  }

  private ValidationAction action(Validation validation) {
    return switch (this) {
      case STRICT -> ENFORCE;
      case PERMISSIVE -> validation == AUTHENTICITY ? ENFORCE : LOG;
      case AUDIT -> LOG;
    };
  }
}
