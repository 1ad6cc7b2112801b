package dev.referee.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose certificate of one's own authority it must be. Every field that is given must hold for all
/// of what the certificate says.
///
/// @param subject the subject alternative name: an e-mail address, a URI or a DNS name; a
///   certificate with several has none that could hold
/// @param subjectRegExp the same, as a pattern
/// @param distinguishedName the subject as RFC 2253 writes it: `CN=alice,O=Acme,C=US`
/// @param distinguishedNameRegExp the same, as a pattern
public record X509IdentitySpec(
    @Nullable String subject,
    @Nullable String subjectRegExp,
    @Nullable String distinguishedName,
    @Nullable String distinguishedNameRegExp) {
  public X509IdentitySpec {
    var given =
        new @Nullable String[] {subject, subjectRegExp, distinguishedName, distinguishedNameRegExp};
    boolean any = false;
    for (var text : given) {
      Specs.check(text == null || !text.isEmpty(), "a field of an identity is empty");
      any |= text != null;
    }
    // Otherwise everybody with a certificate of that authority would count.
    Specs.check(any, "an identity needs a subject or a distinguishedName");
    Specs.checkPattern(subjectRegExp);
    Specs.checkPattern(distinguishedNameRegExp);
  }

  /// The claims that must be exactly this, by their names here.
  public Map<String, String> literals() {
    return claims(subject, distinguishedName);
  }

  /// The claims that must match, by their names here without `RegExp`.
  public Map<String, String> patterns() {
    return claims(subjectRegExp, distinguishedNameRegExp);
  }

  private static Map<String, String> claims(
      @Nullable String subject, @Nullable String distinguishedName) {
    var claims = new LinkedHashMap<String, String>();
    if (subject != null) {
      claims.put("subject", subject);
    }
    if (distinguishedName != null) {
      claims.put("distinguishedName", distinguishedName);
    }
    return Collections.unmodifiableMap(claims);
  }
}
