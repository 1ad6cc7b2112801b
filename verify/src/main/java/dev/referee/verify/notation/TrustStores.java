package dev.referee.verify.notation;

import dev.referee.verify.trust.Issuers;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Certificates by what they are trusted for (trust-store-trust-policy.md, "Trust Store").
public final class TrustStores {
  private final List<X509Certificate> authorities;
  private final List<X509Certificate> signingAuthorities;
  private final List<X509Certificate> timestampAuthorities;
  private final Issuers issuers;

  /// @throws IllegalArgumentException when nobody is trusted, or a certificate that nobody is to be
  ///   trusted for
  TrustStores(
      List<X509Certificate> authorities,
      List<X509Certificate> signingAuthorities,
      List<X509Certificate> timestampAuthorities) {
    this.authorities = List.copyOf(authorities);
    this.signingAuthorities = List.copyOf(signingAuthorities);
    this.timestampAuthorities = List.copyOf(timestampAuthorities);
    this.issuers =
        Issuers.of(
            Stream.of(authorities, signingAuthorities)
                .<X509Certificate>flatMap(List::stream)
                .toList());
    problem(authorities, signingAuthorities, timestampAuthorities)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /// `ca`: whoever has a certificate of one signs for himself.
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /// `signingAuthority`: trusted also to tell when they signed.
  public List<X509Certificate> signingAuthorities() {
    return signingAuthorities;
  }

  /// `tsa`: trusted to tell the time and for nothing else.
  public List<X509Certificate> timestampAuthorities() {
    return timestampAuthorities;
  }

  /// What is remembered about those who issue certificates to signers.
  Issuers issuers() {
    return issuers;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustStores that
        && authorities.equals(that.authorities)
        && signingAuthorities.equals(that.signingAuthorities)
        && timestampAuthorities.equals(that.timestampAuthorities);
  }

  @Override
  public int hashCode() {
    return Objects.hash(authorities, signingAuthorities, timestampAuthorities);
  }

  /// Takes what somebody wrote.
  ///
  /// @throws UnusableNotationTrustException when nobody is trusted, or a certificate that nobody is
  ///   to be trusted for
  public static TrustStores of(
      List<X509Certificate> authorities,
      List<X509Certificate> signingAuthorities,
      List<X509Certificate> timestampAuthorities)
      throws UnusableNotationTrustException {
    var problem = problem(authorities, signingAuthorities, timestampAuthorities);
    if (problem.isPresent()) {
      throw new UnusableNotationTrustException(problem.get());
    }
    return new TrustStores(authorities, signingAuthorities, timestampAuthorities);
  }

  /// A store holds authorities, or a certificate that its holder issued himself: a signer's
  /// certificate from somebody else in it would be trusted past its issuer's word.
  private static Optional<String> problem(
      List<X509Certificate> authorities,
      List<X509Certificate> signingAuthorities,
      List<X509Certificate> timestampAuthorities) {
    if (authorities.isEmpty() && signingAuthorities.isEmpty()) {
      return Optional.of("no trust store for signers has a certificate");
    }
    return problem("ca", authorities)
        .or(() -> problem("signingAuthority", signingAuthorities))
        .or(
            () ->
                timestampAuthorities.stream()
                    .filter(one -> !isAuthority(one) || !CertificateRules.isSelfIssued(one))
                    .findFirst()
                    .map(one -> problem("tsa", one, "is not that of a root")));
  }

  private static Optional<String> problem(String store, List<X509Certificate> certificates) {
    return certificates.stream()
        .filter(one -> !isAuthority(one) && !CertificateRules.isSelfIssued(one))
        .findFirst()
        .map(one -> problem(store, one, "is neither an authority's nor self-signed"));
  }

  private static boolean isAuthority(X509Certificate certificate) {
    return certificate.getBasicConstraints() >= 0;
  }

  private static String problem(String store, X509Certificate certificate, String what) {
    return "the certificate %s of the trust store %s %s"
        .formatted(certificate.getSubjectX500Principal().getName(), store, what);
  }
}
