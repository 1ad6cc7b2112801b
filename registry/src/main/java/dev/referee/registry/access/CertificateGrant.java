package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a client with a certificate may do. Each name that is given must be in the certificate, as
/// a whole; what the certificate does not have never matches.
///
/// @param uri such as `spiffe://cluster.local/ns/shop/sa/builder`
/// @param dns a host name
/// @param email a mailbox
/// @param commonName of the subject of a certificate without names of the other kinds
record CertificateGrant(
    @Nullable String uri,
    @Nullable String dns,
    @Nullable String email,
    @Nullable String commonName,
    Grant grant) {
  CertificateGrant {
    requireNonNull(grant, "grant is null");
    dns = dns == null ? null : dns.toLowerCase(Locale.ROOT);
    if (Stream.of(uri, dns, email, commonName).allMatch(name -> name == null)) {
      throw new IllegalArgumentException(
          "a grant of certificates has no uri, dns, email or commonName");
    }
  }

  boolean isFor(CertificateNames names) {
    return holds(uri, names.uris())
        && holds(dns, names.dns())
        && holds(email, names.emails())
        && holds(commonName, names.commonNames());
  }

  private static boolean holds(@Nullable String wanted, Set<String> names) {
    return wanted == null || names.contains(wanted);
  }
}
