package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.operator.registry.model.RegistryNames;
import dev.referee.operator.registry.model.TokenSecret;

/// Sees to it that a registry which gives tokens has something to sign them with. What is there is
/// never written again: whoever exchanges the secrets has the tokens of before hold as long as they
/// must.
final class TokenStep {
  private final UserSecrets secrets;
  private final OwnedObjects objects;
  private final RegistryNames names;

  TokenStep(UserSecrets secrets, OwnedObjects objects, RegistryNames names) {
    this.secrets = requireNonNull(secrets, "secrets is null");
    this.objects = requireNonNull(objects, "objects is null");
    this.names = requireNonNull(names, "names is null");
  }

  void run(OciRegistrySpec spec) throws UnsatisfiedException {
    if (spec.access().tokens() == null) {
      return;
    }
    // Says who may not have Secrets, before one is made.
    var _ = secrets.own(names.tokens());
    objects.keep(TokenSecret.make(names));
    var content = secrets.own(names.tokens()).getOrDefault(TokenSecret.KEY, new byte[0]);
    if (!TokenSecret.isUsable(content)) {
      throw new UnsatisfiedException(
          RegistryReason.SECRET_INCOMPLETE,
          ("Secret %s needs %s: secrets that sign tokens, one a line, base64 of 32 bytes or more;"
                  + " delete it, and it is made anew")
              .formatted(names.tokens(), TokenSecret.KEY));
    }
  }
}
