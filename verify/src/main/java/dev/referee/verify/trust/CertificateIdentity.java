package dev.referee.verify.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whose certificate a policy accepts. Every expectation must hold, each for the whole of its claim
/// (CVE-2025-29778); a claim that the certificate does not make holds for none of them.
public final class CertificateIdentity {
  private static final int MAX_PATTERN = 1024;

  private final List<Expectation> expectations;

  private CertificateIdentity(List<Expectation> expectations) {
    this.expectations = List.copyOf(expectations);
  }

  private record Expectation(CertificateClaim claim, String text, boolean isPattern) {
    boolean holds(String value) {
      return isPattern ? BoundedMatch.matches(Pattern.compile(text), value) : text.equals(value);
    }

    @Override
    public String toString() {
      return "%s %s %s".formatted(claim.field(), isPattern ? "matches" : "is", text);
    }
  }

  /// Builds an identity.
  ///
  /// @param literals claims that must be exactly this
  /// @param patterns claims that must match as a whole; for the same claim both hold
  /// @throws IllegalArgumentException without an expectation each of issuer and subject, or with a
  ///   pattern that is none
  public static CertificateIdentity of(
      Map<CertificateClaim, String> literals, Map<CertificateClaim, String> patterns) {
    var identity = new CertificateIdentity(expectations(literals, patterns));
    for (var claim : List.of(CertificateClaim.ISSUER, CertificateClaim.SUBJECT)) {
      // Anybody can have a certificate for any subject, from an issuer of their own.
      if (!identity.expects(claim)) {
        throw new IllegalArgumentException("an identity needs the " + claim.field());
      }
    }
    return identity;
  }

  /// Builds an identity for certificates of an authority of one's own, which is the issuer.
  ///
  /// @param literals claims that must be exactly this
  /// @param patterns claims that must match as a whole; for the same claim both hold
  /// @throws IllegalArgumentException without an expectation of a name, or with a pattern that is
  ///   none
  public static CertificateIdentity ofName(
      Map<CertificateClaim, String> literals, Map<CertificateClaim, String> patterns) {
    var identity = new CertificateIdentity(expectations(literals, patterns));
    if (!identity.expects(CertificateClaim.SUBJECT)
        && !identity.expects(CertificateClaim.DISTINGUISHED_NAME)) {
      throw new IllegalArgumentException("an identity needs a subject or a distinguishedName");
    }
    return identity;
  }

  private boolean expects(CertificateClaim claim) {
    return expectations.stream().anyMatch(expectation -> expectation.claim() == claim);
  }

  private static List<Expectation> expectations(
      Map<CertificateClaim, String> literals, Map<CertificateClaim, String> patterns) {
    var expectations = new ArrayList<Expectation>();
    for (var claim : CertificateClaim.values()) {
      if (literals.containsKey(claim)) {
        expectations.add(new Expectation(claim, checkText(claim, literals.get(claim)), false));
      }
      if (patterns.containsKey(claim)) {
        expectations.add(new Expectation(claim, checkPattern(claim, patterns.get(claim)), true));
      }
    }
    return expectations;
  }

  private static String checkText(CertificateClaim claim, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(claim.field() + " is empty");
    }
    return text;
  }

  private static String checkPattern(CertificateClaim claim, String text) {
    if (checkText(claim, text).length() > MAX_PATTERN) {
      throw new IllegalArgumentException(claim.field() + "RegExp is too long");
    }
    try {
      Pattern.compile(text);
      return text;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%sRegExp is no regular expression: %s".formatted(claim.field(), e.getDescription()), e);
    }
  }

  /// Why the claims are not this identity's; empty, they are.
  public Optional<String> mismatch(Map<CertificateClaim, String> claims) {
    for (var expectation : expectations) {
      var claimed = claims.get(expectation.claim());
      if (claimed == null) {
        return Optional.of(
            "the certificate says nothing about %s".formatted(expectation.claim().field()));
      }
      if (!expectation.holds(claimed)) {
        return Optional.of("%s is %s".formatted(expectation.claim().field(), brief(claimed)));
      }
    }
    return Optional.empty();
  }

  private static String brief(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  @Override
  public String toString() {
    return expectations.stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CertificateIdentity that && expectations.equals(that.expectations);
  }

  @Override
  public int hashCode() {
    return expectations.hashCode();
  }
}
