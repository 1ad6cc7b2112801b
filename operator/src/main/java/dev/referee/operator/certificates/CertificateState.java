package dev.referee.operator.certificates;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is kept about the webhook's certificate.
///
/// @param authority signs now; null where there is none, or its key was lost
/// @param successor signs as soon as every API server trusts it; null while none is needed
/// @param trusted every authority whose certificates clients are to accept, oldest first
/// @param serving what the webhook shows; null where there is none
public record CertificateState(
    @Nullable Credential authority,
    @Nullable Credential successor,
    List<X509Certificate> trusted,
    @Nullable Credential serving) {
  /// Before anything was made.
  public static final CertificateState NONE = new CertificateState(null, null, List.of(), null);

  public CertificateState {
    trusted = List.copyOf(trusted);
  }

  /// The authorities as the field `caBundle` of a webhook configuration has them, before Base64.
  public String bundle() {
    return Pem.of(trusted);
  }
}
