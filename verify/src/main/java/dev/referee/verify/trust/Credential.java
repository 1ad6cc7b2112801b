package dev.referee.verify.trust;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.notation.NotationTrust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// By what a signature is known to be a signer's. Two that are equal trust the same material in the
/// same way: what was proven by one is proven by the other.
public sealed interface Credential {
  /// One that a signature can be checked against.
  sealed interface Single extends Credential {}

  /// The holder of a key.
  ///
  /// @param key the key
  /// @param validity when it was in use
  /// @param proof what has to be proven beside the signature; null, nothing
  record Key(TrustedKey key, Validity validity, @Nullable SigstoreTrust proof) implements Single {
    public Key {
      requireNonNull(key, "key is null");
      requireNonNull(validity, "validity is null");
    }
  }

  /// Whoever Sigstore has issued a certificate to.
  ///
  /// @param trust which instance
  /// @param identities one of them has to hold; at least one
  record Keyless(SigstoreTrust trust, List<CertificateIdentity> identities) implements Single {
    public Keyless {
      requireNonNull(trust, "trust is null");
      identities = nonEmpty(identities);
    }
  }

  /// Whoever an authority of one's own has issued a certificate to.
  ///
  /// @param trust the authority
  /// @param identities one of them has to hold; at least one
  record X509(AuthorityTrust trust, List<CertificateIdentity> identities) implements Single {
    public X509 {
      requireNonNull(trust, "trust is null");
      identities = nonEmpty(identities);
    }
  }

  /// Whoever trust stores of the Notary Project know.
  ///
  /// @param trust the stores, and how much is enforced
  record Notation(NotationTrust trust) implements Single {
    public Notation {
      requireNonNull(trust, "trust is null");
    }
  }

  /// Several signers together.
  ///
  /// @param members the signers
  /// @param threshold how many of them, at least 1
  record Group(List<TrustedSigner> members, int threshold) implements Credential {
    public Group {
      members = List.copyOf(members);
      if (threshold < 1 || threshold > members.size()) {
        throw new IllegalArgumentException(
            "threshold %d of %d signers".formatted(threshold, members.size()));
      }
    }
  }

  private static List<CertificateIdentity> nonEmpty(List<CertificateIdentity> identities) {
    var copy = List.copyOf(identities);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("no identity");
    }
    return copy;
  }
}
