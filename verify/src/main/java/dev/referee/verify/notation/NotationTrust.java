package dev.referee.verify.notation;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;

/// Whom signatures of Notary are trusted from, and how much of what can be checked is enforced.
///
/// @param stores whose certificates lead to somebody who is trusted
/// @param identities who that is
/// @param actions what becomes of a signature that fails a validation; what is not named is
///   enforced
/// @param timestamps when a timestamp has to prove the time
public record NotationTrust(
    TrustStores stores,
    TrustedIdentities identities,
    Map<Validation, ValidationAction> actions,
    TimestampUse timestamps) {
  public NotationTrust {
    requireNonNull(stores, "stores is null");
    requireNonNull(identities, "identities is null");
    requireNonNull(timestamps, "timestamps is null");
    var complete = new EnumMap<Validation, ValidationAction>(Validation.class);
    for (var validation : Validation.values()) {
      complete.put(validation, actions.getOrDefault(validation, ValidationAction.ENFORCE));
    }
    actions = Map.copyOf(complete);
  }

  /// What becomes of a signature that fails the validation.
  ValidationAction action(Validation validation) {
    return requireNonNull(actions.get(validation), "each validation has an action");
  }
}
