package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Which credentials a registry is shown: exactly one of the two.
///
/// @param secretRef a Secret of type `kubernetes.io/dockerconfigjson` or `kubernetes.io/basic-auth`
///   in Referee's namespace
/// @param pullSecrets whether those of the pod and its service account are
public record RegistryCredentialsSpec(
    @Nullable SecretReference secretRef, @Nullable Boolean pullSecrets) {
  public RegistryCredentialsSpec {
    boolean own = pullSecrets != null && pullSecrets;
    Specs.check(
        (secretRef != null) != own, "credentials are exactly one of secretRef or pullSecrets");
  }
}
