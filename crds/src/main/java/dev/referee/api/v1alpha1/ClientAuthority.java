package dev.referee.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/// Whose certificates the clients of a bundled registry may show instead of a password or a token.
///
/// There is no way to insist on one: kubelets that ask whether a pod serves, the operator that
/// keeps what runs, and Referee, which reads the evidence of every image, have none to show.
/// Whoever shows no certificate has what passwords, tokens and anonymous access give, which may be
/// nothing.
///
/// @param caBundle PEM certificates of authorities
public record ClientAuthority(String caBundle) {
  public ClientAuthority(@Nullable String caBundle) {
    this.caBundle = Specs.required(caBundle, "caBundle");
  }
}
