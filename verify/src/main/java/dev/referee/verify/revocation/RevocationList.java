package dev.referee.verify.revocation;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.trust.WeakSignatures;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/// A list of revoked certificates (RFC 5280 section 5) that is proven to be its issuer's, complete
/// or an addition to a complete one.
final class RevocationList {
  /// Notation's own limit: the largest lists of public authorities have some megabytes.
  static final int MAX_BYTES = 32 << 20;

  private static final int CRL_SIGN = 6;
  private static final Set<ASN1ObjectIdentifier> READ =
      Set.of(Extension.issuingDistributionPoint, Extension.deltaCRLIndicator);

  private final X509CRLHolder list;

  private RevocationList(X509CRLHolder list) {
    this.list = requireNonNull(list, "list is null");
  }

  /// Reads a list and proves whose it is.
  ///
  /// @param issuer of the list, and of the certificate that is looked up
  static RevocationList read(byte[] content, X509Certificate issuer)
      throws RevocationUnavailableException {
    if (content.length > MAX_BYTES) {
      throw unusable("has %d bytes, %d are read".formatted(content.length, MAX_BYTES));
    }
    try {
      // Nothing may follow it.
      var list =
          new X509CRLHolder(CertificateList.getInstance(ASN1Primitive.fromByteArray(content)));
      checkIssuer(list, issuer);
      var critical = list.getCriticalExtensionOIDs();
      if (!READ.containsAll(critical)) {
        throw unusable("has a critical extension that is not read");
      }
      return new RevocationList(list);
    } catch (IOException | CertException | OperatorCreationException | RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  private static void checkIssuer(X509CRLHolder list, X509Certificate issuer)
      throws RevocationUnavailableException, CertException, OperatorCreationException {
    var subject = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    if (!list.getIssuer().equals(subject)) {
      throw unusable("is of another authority");
    }
    var usage = issuer.getKeyUsage();
    if (usage != null && !usage[CRL_SIGN]) {
      throw unusable("is of an authority that may not sign lists");
    }
    if (WeakSignatures.isWeak(list.toASN1Structure().getSignatureAlgorithm())) {
      throw unusable("is signed with a weak algorithm");
    }
    if (!list.isSignatureValid(Signatures.by(issuer))) {
      throw unusable("is not signed by its authority");
    }
  }

  /// Until when it holds.
  Instant checkFresh(Instant now) throws RevocationUnavailableException {
    var end = list.getNextUpdate();
    return Freshness.check(
        "the list", list.getThisUpdate().toInstant(), end == null ? null : end.toInstant(), now);
  }

  /// Checks that the list is about such certificates, and comes from one of these places: an
  /// authority may keep several lists, of which only one speaks of a certificate.
  void checkAbout(X509Certificate certificate, Set<String> places)
      throws RevocationUnavailableException {
    var extension = list.getExtension(Extension.issuingDistributionPoint);
    if (extension == null) {
      return;
    }
    try {
      var point = IssuingDistributionPoint.getInstance(extension.getParsedValue());
      boolean isAuthority = certificate.getBasicConstraints() >= 0;
      if (point.isIndirectCRL()
          || point.onlyContainsAttributeCerts()
          || point.getOnlySomeReasons() != null
          || (isAuthority && point.onlyContainsUserCerts())
          || (!isAuthority && point.onlyContainsCACerts())) {
        throw unusable("is about other certificates");
      }
      var name = point.getDistributionPoint();
      if (name != null && RevocationAddresses.texts(name).stream().noneMatch(places::contains)) {
        throw unusable("is of another place than the certificate names");
      }
    } catch (RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  boolean isAddition() {
    return list.getExtension(Extension.deltaCRLIndicator) != null;
  }

  /// Checks that this, an addition, continues that complete list.
  void checkContinues(RevocationList complete) throws RevocationUnavailableException {
    var number = complete.number(Extension.cRLNumber);
    var since = number(Extension.deltaCRLIndicator);
    var own = number(Extension.cRLNumber);
    if (number == null
        || since == null
        || own == null
        || since.compareTo(number) > 0
        || own.compareTo(number) < 0) {
      throw unusable("does not continue the complete list");
    }
  }

  private @Nullable BigInteger number(ASN1ObjectIdentifier type)
      throws RevocationUnavailableException {
    try {
      var extension = list.getExtension(type);
      return extension == null
          ? null
          : ASN1Integer.getInstance(extension.getParsedValue()).getPositiveValue();
    } catch (RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  /// Where its additions are; empty, it has none.
  List<String> additions() throws RevocationUnavailableException {
    var extension = list.getExtension(Extension.freshestCRL);
    if (extension == null) {
      return List.of();
    }
    try {
      var points = CRLDistPoint.getInstance(extension.getParsedValue()).getDistributionPoints();
      return Arrays.stream(points)
          .filter(point -> point.getDistributionPoint() != null)
          .flatMap(point -> RevocationAddresses.texts(point.getDistributionPoint()).stream())
          .collect(Collectors.toList());
    } catch (RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  /// What a list says about one certificate.
  ///
  /// @param since when it was taken back
  /// @param invalidSince since when its key is not to be trusted; null, it does not say
  /// @param isHold whether it may be given back
  /// @param isRemoved whether it was
  record Entry(Instant since, @Nullable Instant invalidSince, boolean isHold, boolean isRemoved) {}

  /// Looks a certificate up; null, it is not listed.
  @Nullable Entry entry(X509Certificate certificate) throws RevocationUnavailableException {
    try {
      var entry = list.getRevokedCertificate(certificate.getSerialNumber());
      return entry == null ? null : entry(entry);
    } catch (RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  private static Entry entry(X509CRLEntryHolder entry) throws RevocationUnavailableException {
    if (!entry.getCriticalExtensionOIDs().isEmpty()) {
      throw unusable("has an entry with a critical extension");
    }
    var reason = entry.getExtension(Extension.reasonCode);
    int code =
        reason == null
            ? CRLReason.unspecified
            : CRLReason.getInstance(reason.getParsedValue()).getValue().intValueExact();
    return new Entry(
        entry.getRevocationDate().toInstant(),
        invalidity(entry.getExtension(Extension.invalidityDate)),
        code == CRLReason.certificateHold,
        code == CRLReason.removeFromCRL);
  }

  /// The invalidity date of an entry or of a responder's answer.
  static @Nullable Instant invalidity(@Nullable Extension extension)
      throws RevocationUnavailableException {
    if (extension == null) {
      return null;
    }
    try {
      Date date = ASN1GeneralizedTime.getInstance(extension.getParsedValue()).getDate();
      return date.toInstant();
    } catch (ParseException | RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  private static RevocationUnavailableException unusable(String what) {
    return new RevocationUnavailableException("the list " + what);
  }
}
