package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.IDENTITY_MISMATCH;

import dev.referee.verify.signature.UnprovenException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose certificates are trusted, among those that lead to a trust store
/// (trust-store-trust-policy.md, "Trusted Identities Constraints").
public final class TrustedIdentities {
  private static final String ANYBODY = "*";
  private static final String SUBJECT = "x509.subject:";
  private static final int MAX_IDENTITIES = 64;

  /// Empty, anybody.
  private final List<DistinguishedName> names;

  private TrustedIdentities(List<DistinguishedName> names) {
    this.names = List.copyOf(names);
  }

  /// Reads identities as trust policies have them.
  ///
  /// @param identities `*` alone, or names that begin with `x509.subject:`
  /// @throws UnusableNotationTrustException for an identity that selects nobody for certain, or two
  ///   of which one says the same as the other
  public static TrustedIdentities of(List<String> identities)
      throws UnusableNotationTrustException {
    if (identities.isEmpty() || identities.size() > MAX_IDENTITIES) {
      throw new UnusableNotationTrustException(
          "%d trusted identities, not 1 to %d".formatted(identities.size(), MAX_IDENTITIES));
    }
    if (identities.equals(List.of(ANYBODY))) {
      return new TrustedIdentities(List.of());
    }
    var names = new ArrayList<DistinguishedName>();
    for (var identity : identities) {
      if (identity.equals(ANYBODY)) {
        throw new UnusableNotationTrustException("* stands among other trusted identities");
      }
      if (!identity.startsWith(SUBJECT)) {
        throw new UnusableNotationTrustException(
            "the trusted identity \"%s\" is neither * nor begins with %s"
                .formatted(Headers.brief(identity), SUBJECT));
      }
      names.add(DistinguishedName.parse(identity.substring(SUBJECT.length()).stripLeading()));
    }
    checkOverlap(names);
    return new TrustedIdentities(names);
  }

  private static void checkOverlap(List<DistinguishedName> names)
      throws UnusableNotationTrustException {
    for (int i = 0; i < names.size(); i++) {
      for (int j = 0; j < names.size(); j++) {
        if (i != j && names.get(i).isPartOf(names.get(j))) {
          throw new UnusableNotationTrustException(
              "the trusted identity %s says all that %s says"
                  .formatted(names.get(j), names.get(i)));
        }
      }
    }
  }

  /// Checks that a signer is one of them.
  ///
  /// @throws UnprovenException with `IDENTITY_MISMATCH`
  void check(X509Certificate signer) throws UnprovenException {
    if (names.isEmpty()) {
      return;
    }
    var subject = DistinguishedName.subject(signer);
    if (subject.isEmpty()) {
      throw new UnprovenException(
          IDENTITY_MISMATCH,
          "the certificate's subject has an attribute twice, or several in one part: "
              + signer.getSubjectX500Principal().getName());
    }
    if (names.stream().noneMatch(name -> name.isPartOf(subject.get()))) {
      throw new UnprovenException(
          IDENTITY_MISMATCH, "it was signed by %s, who is not trusted".formatted(subject.get()));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustedIdentities that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.isEmpty() ? ANYBODY : names.toString();
  }
}
