package dev.referee.operator.registry.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// For which names a certificate speaks (RFC 6125: its subject alternative names and nothing else).
final class SubjectNames {
  private SubjectNames() {}

  /// The first of the hosts that the certificate does not name, or an empty text.
  static String missing(X509Certificate certificate, Collection<String> hosts) {
    var named = of(certificate);
    return hosts.stream()
        .map(SubjectNames::canonical)
        .filter(host -> !named.contains(host) && !named.contains(wildcard(host)))
        .findFirst()
        .orElse("");
  }

  private static Set<String> of(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Set.of()
          : names.stream()
              .map(entry -> entry.get(1))
              .filter(String.class::isInstance)
              .map(name -> canonical((String) Objects.requireNonNull(name)))
              .collect(Collectors.toUnmodifiableSet());
    } catch (CertificateParsingException e) {
      return Set.of();
    }
  }

  private static String wildcard(String host) {
    int dot = host.indexOf('.');
    return dot < 0 || CertificateIssuing.isAddress(host) ? host : "*" + host.substring(dot);
  }

  /// One spelling of each address; an address is never looked up.
  private static String canonical(String host) {
    if (!CertificateIssuing.isAddress(host)) {
      return host.toLowerCase(Locale.ROOT);
    }
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      return host;
    }
  }
}
