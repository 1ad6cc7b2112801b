package dev.referee.verify.notation;

import static java.util.Objects.requireNonNull;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/// A distinguished name in which each attribute stands once, alone in its part
/// (trust-store-trust-policy.md, "Trusted Identities Constraints"). Values are compared exactly.
///
/// @param attributes values by type, in the order of the name
record DistinguishedName(Map<String, String> attributes) {
  private static final int MAX_CHARS = 4096;
  private static final List<String> MANDATORY = List.of("C", "ST", "O");

  /// The types that can be written by name (RFC 4514 section 3, and those that certificates have).
  private static final Map<String, ASN1ObjectIdentifier> TYPES =
      Map.ofEntries(
          Map.entry("C", BCStyle.C),
          Map.entry("ST", BCStyle.ST),
          Map.entry("L", BCStyle.L),
          Map.entry("O", BCStyle.O),
          Map.entry("OU", BCStyle.OU),
          Map.entry("CN", BCStyle.CN),
          Map.entry("STREET", BCStyle.STREET),
          Map.entry("POSTALCODE", BCStyle.POSTAL_CODE),
          Map.entry("SERIALNUMBER", BCStyle.SERIALNUMBER),
          Map.entry("DC", BCStyle.DC),
          Map.entry("UID", BCStyle.UID));

  DistinguishedName {
    requireNonNull(attributes, "attributes is null");
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /// Reads a name as policies have it (RFC 4514).
  ///
  /// @throws UnusableNotationTrustException for a name that selects nobody for certain
  static DistinguishedName parse(String text) throws UnusableNotationTrustException {
    if (text.length() > MAX_CHARS) {
      throw new UnusableNotationTrustException(
          "a distinguished name has more than %d characters".formatted(MAX_CHARS));
    }
    var attributes = new LinkedHashMap<String, String>();
    for (var part : DistinguishedNameParts.split(text)) {
      var type = part.type().toUpperCase(Locale.ROOT);
      // What some tools print for a state or province.
      var name = type.equals("S") ? "ST" : type;
      if (!TYPES.containsKey(name)) {
        throw new UnusableNotationTrustException(
            "the distinguished name has an attribute %s, which is not known".formatted(name));
      }
      if (part.value().isEmpty()) {
        throw new UnusableNotationTrustException("the distinguished name has nothing for " + name);
      }
      if (attributes.put(name, part.value()) != null) {
        throw new UnusableNotationTrustException(
            "the distinguished name has %s twice".formatted(name));
      }
    }
    for (var mandatory : MANDATORY) {
      if (!attributes.containsKey(mandatory)) {
        throw new UnusableNotationTrustException(
            "the distinguished name has no %s, which it needs beside %s"
                .formatted(mandatory, MANDATORY));
      }
    }
    return new DistinguishedName(attributes);
  }

  /// The subject of a certificate; empty where it is not one of single attributes, each with one
  /// text, so that nothing about it can be said for certain.
  static Optional<DistinguishedName> subject(X509Certificate certificate) {
    var subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    var attributes = new LinkedHashMap<String, String>();
    for (var part : subject.getRDNs()) {
      if (part.isMultiValued() || !(part.getFirst().getValue() instanceof ASN1String text)) {
        return Optional.empty();
      }
      var type = nameOf(part.getFirst().getType());
      if (attributes.put(type, text.getString()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new DistinguishedName(attributes));
  }

  private static String nameOf(ASN1ObjectIdentifier type) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(type))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(type::getId);
  }

  /// Whether the other name has everything that this one has.
  boolean isPartOf(DistinguishedName other) {
    return other.attributes.entrySet().containsAll(attributes.entrySet());
  }

  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    attributes.forEach((type, value) -> parts.add(type + "=" + value));
    return parts.stream().collect(Collectors.joining(","));
  }
}
