package dev.referee.operator.registry;

import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.operator.registry.tls.TrustedAuthorities;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/// Checks the authorities that a spec brings, which a registry would not start without: what cannot
/// be read is said in the status instead of by pods that end.
final class GivenAuthorities {
  private GivenAuthorities() {}

  static void check(OciRegistrySpec spec) throws UnsatisfiedException {
    var events = spec.events();
    if (events != null) {
      check(events.caBundle(), "spec.events.caBundle");
    }
    var clients = spec.tls().clients();
    if (clients != null) {
      checkClients(clients.caBundle());
    }
  }

  /// @param bundle PEM certificates; null for none, which is nothing wrong
  /// @param field where the spec has them
  static void check(@Nullable String bundle, String field) throws UnsatisfiedException {
    if (bundle == null) {
      return;
    }
    try {
      var _ = TrustedAuthorities.read(bundle);
    } catch (GeneralSecurityException e) {
      throw unusable(field, String.valueOf(e.getMessage()));
    }
  }

  /// A registry accepts nobody's certificate that is its own authority but says that it is none:
  /// whoever has it would be a client for ever.
  private static void checkClients(String bundle) throws UnsatisfiedException {
    var field = "spec.tls.clients.caBundle";
    try {
      for (var authority : TrustedAuthorities.read(bundle)) {
        if (authority.getBasicConstraints() < 0) {
          throw unusable(
              field,
              "the certificate of %s is no authority's"
                  .formatted(authority.getSubjectX500Principal()));
        }
      }
    } catch (GeneralSecurityException e) {
      throw unusable(field, String.valueOf(e.getMessage()));
    }
  }

  private static UnsatisfiedException unusable(String field, String why) {
    return new UnsatisfiedException(
        RegistryReason.CERTIFICATE_INVALID, "%s cannot be used: %s".formatted(field, why));
  }
}
