package dev.referee.registry.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// Whom a certificate names (RFC 5280 section 4.2.1.6).
///
/// @param uris names such as `spiffe://cluster.local/ns/shop/sa/builder`
/// @param dns host names, in lower case
/// @param emails mailboxes
/// @param commonNames the subject's, and only in a certificate without names of the other kinds: an
///   authority that may vouch for some names only is held to those, and not to its subjects
record CertificateNames(
    Set<String> uris, Set<String> dns, Set<String> emails, Set<String> commonNames) {
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;

  CertificateNames {
    uris = Set.copyOf(uris);
    dns = Set.copyOf(dns);
    emails = Set.copyOf(emails);
    commonNames = Set.copyOf(commonNames);
  }

  /// @throws CertificateParsingException where its names cannot be read
  static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
    var uris = new LinkedHashSet<String>();
    var dns = new LinkedHashSet<String>();
    var emails = new LinkedHashSet<String>();
    var alternatives = certificate.getSubjectAlternativeNames();
    for (var name : alternatives == null ? List.<List<?>>of() : alternatives) {
      if (name.get(0) instanceof Integer kind && name.get(1) instanceof String value) {
        switch (kind) {
          case EMAIL -> emails.add(value);
          case DNS -> dns.add(value.toLowerCase(Locale.ROOT));
          case URI -> uris.add(value);
          default -> {}
        }
      }
    }
    boolean named = !uris.isEmpty() || !dns.isEmpty() || !emails.isEmpty();
    return new CertificateNames(uris, dns, emails, named ? Set.of() : commonNames(certificate));
  }

  private static Set<String> commonNames(X509Certificate certificate) {
    var subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    var names = new LinkedHashSet<String>();
    for (var part : subject.getRDNs(BCStyle.CN)) {
      for (var value : part.getTypesAndValues()) {
        if (value.getType().equals(BCStyle.CN)) {
          names.add(IETFUtils.valueToString(value.getValue()));
        }
      }
    }
    return names;
  }

  /// All of them in one line, the same for a renewed certificate: what leases and uploads belong
  /// to.
  @Override
  public String toString() {
    var all =
        Stream.of(
                labelled("uri", uris),
                labelled("dns", dns),
                labelled("email", emails),
                labelled("cn", commonNames))
            .flatMap(names -> names)
            .toList();
    return String.join(",", all);
  }

  private static Stream<String> labelled(String kind, Set<String> names) {
    return names.stream().sorted().map(name -> kind + ":" + name);
  }
}
