package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An authority that a trust root names: one that issues certificates to signers (Fulcio), or one
/// that issues timestamps.
///
/// @param name how people know it
/// @param operator who runs it, as the trust root says; empty, it does not
/// @param chain from the lowest certificate to the one that is trusted, which comes last and may
///   itself be issued by somebody else
/// @param window when it is trusted; null, the trust root does not say since when, so never
public record TrustedAuthority(
    String name, String operator, List<X509Certificate> chain, @Nullable Window window) {
  public TrustedAuthority {
    requireNonNull(name, "name is null");
    requireNonNull(operator, "operator is null");
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an authority without a certificate");
    }
  }

  /// An authority of which nobody says who runs it.
  public TrustedAuthority(String name, List<X509Certificate> chain, @Nullable Window window) {
    this(name, "", chain, window);
  }

  /// Whose word it is, where several are asked for: that of two authorities with one operator is
  /// one.
  public Object party() {
    return operator.isEmpty() ? anchor() : operator;
  }

  /// The certificate that is trusted without anybody's word for it.
  public X509Certificate anchor() {
    return chain.getLast();
  }
}
