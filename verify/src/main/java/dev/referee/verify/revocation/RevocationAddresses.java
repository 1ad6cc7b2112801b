package dev.referee.verify.revocation;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/// Where a certificate says that its revocation can be looked up.
///
/// @param responders those of OCSP
/// @param lists where lists are; any of them will do
/// @param named whether the certificate names any place at all, readable here or not
record RevocationAddresses(List<URI> responders, List<URI> lists, boolean named) {
  private static final int MAX_ADDRESSES = 8;
  private static final int MAX_CHARS = 2048;

  RevocationAddresses {
    responders = List.copyOf(responders);
    lists = List.copyOf(lists);
  }

  /// Reads a certificate.
  ///
  /// @throws RevocationUnavailableException when what it says is malformed
  static RevocationAddresses of(X509Certificate certificate) throws RevocationUnavailableException {
    try {
      var responders = new ArrayList<URI>();
      var lists = new ArrayList<URI>();
      boolean named = readResponders(certificate, responders);
      var points = extension(certificate, Extension.cRLDistributionPoints.getId());
      if (points != null) {
        named = true;
        for (var point : CRLDistPoint.getInstance(points).getDistributionPoints()) {
          // Lists by somebody else, or for some reasons only, are not read.
          if (point.getCRLIssuer() == null && point.getReasons() == null) {
            addAll(names(point.getDistributionPoint()), lists);
          }
        }
      }
      return new RevocationAddresses(responders, lists, named);
    } catch (IOException | RuntimeException e) {
      throw new RevocationUnavailableException(
          "where its revocation can be looked up is malformed");
    }
  }

  private static boolean readResponders(X509Certificate certificate, List<URI> responders)
      throws IOException {
    var access = extension(certificate, Extension.authorityInfoAccess.getId());
    if (access == null) {
      return false;
    }
    boolean named = false;
    for (var description : AuthorityInformationAccess.getInstance(access).getAccessDescriptions()) {
      if (description.getAccessMethod().equals(AccessDescription.id_ad_ocsp)) {
        named = true;
        add(description.getAccessLocation(), responders);
      }
    }
    return named;
  }

  /// The names of one place as texts, for comparing.
  static Set<String> texts(DistributionPointName name) {
    var texts = new TreeSet<String>();
    for (var one : names(name)) {
      if (one.getTagNo() == GeneralName.uniformResourceIdentifier) {
        texts.add(one.getName().toString());
      }
    }
    return texts;
  }

  private static List<GeneralName> names(@Nullable DistributionPointName name) {
    return name == null || name.getType() != DistributionPointName.FULL_NAME
        ? List.of()
        : List.of(GeneralNames.getInstance(name.getName()).getNames());
  }

  private static void addAll(List<GeneralName> names, List<URI> addresses) {
    names.forEach(name -> add(name, addresses));
  }

  /// Adds an address in `http`: what comes from it is signed, and fetching by `https` could need
  /// the very answer that is being fetched.
  private static void add(GeneralName name, List<URI> addresses) {
    if (name.getTagNo() != GeneralName.uniformResourceIdentifier
        || addresses.size() >= MAX_ADDRESSES) {
      return;
    }
    var text = name.getName().toString();
    try {
      if (text.length() <= MAX_CHARS) {
        var uri = new URI(text);
        if ("http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getUserInfo() == null) {
          addresses.add(uri);
        }
      }
    } catch (URISyntaxException e) {
      // Not an address that anybody could be asked at.
    }
  }

  private static @Nullable ASN1Primitive extension(X509Certificate certificate, String type)
      throws IOException {
    var value = certificate.getExtensionValue(type);
    return value == null
        ? null
        : ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(value).getOctets());
  }
}
