package dev.referee.verify.revocation;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.trust.Certificates;
import dev.referee.verify.trust.Providers;
import dev.referee.verify.trust.WeakSignatures;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;

/// An answer of a responder (RFC 6960 section 4.2): parsed, and believed only once [#checkSigned]
/// returned.
final class OcspAnswer {
  /// Notation's own limit.
  static final int MAX_BYTES = 20 * 1024;

  private static final int MAX_CERTIFICATES = 8;
  private static final int DIGITAL_SIGNATURE = 0;

  private final BasicOCSPResp answer;

  private OcspAnswer(BasicOCSPResp answer) {
    this.answer = requireNonNull(answer, "answer is null");
  }

  static OcspAnswer read(byte[] content) throws RevocationUnavailableException {
    if (content.length > MAX_BYTES) {
      throw unusable("has %d bytes, %d are read".formatted(content.length, MAX_BYTES));
    }
    try {
      // Nothing may follow it.
      var response = new OCSPResp(OCSPResponse.getInstance(ASN1Primitive.fromByteArray(content)));
      if (response.getStatus() != OCSPResp.SUCCESSFUL) {
        throw unusable("is an error, " + response.getStatus());
      }
      if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
        throw unusable("is of a kind that is not read");
      }
      checkExtensions(basic);
      return new OcspAnswer(basic);
    } catch (IOException | OCSPException | RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  private static void checkExtensions(BasicOCSPResp answer) throws RevocationUnavailableException {
    if (!answer.getCriticalExtensionOIDs().isEmpty()) {
      throw unusable("has a critical extension");
    }
    if (answer.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce) != null) {
      throw unusable("is to another question, with a nonce");
    }
  }

  /// The one answer about a certificate: its issuer's name and key count as well as its number.
  SingleResp about(CertificateID id) throws RevocationUnavailableException {
    try {
      var found =
          Arrays.stream(answer.getResponses())
              .filter(single -> isSame(single.getCertID(), id))
              .toList();
      if (found.size() != 1) {
        throw unusable("has %d answers about the certificate".formatted(found.size()));
      }
      if (!found.getFirst().getCriticalExtensionOIDs().isEmpty()) {
        throw unusable("has a critical extension");
      }
      return found.getFirst();
    } catch (RuntimeException e) {
      throw unusable("is malformed");
    }
  }

  /// Parameters of the hash may be there or not (RFC 5754 section 2); everything else is the same.
  private static boolean isSame(CertificateID one, CertificateID other) {
    return one.getSerialNumber().equals(other.getSerialNumber())
        && one.getHashAlgOID().equals(other.getHashAlgOID())
        && Arrays.equals(one.getIssuerNameHash(), other.getIssuerNameHash())
        && Arrays.equals(one.getIssuerKeyHash(), other.getIssuerKeyHash());
  }

  /// Checks that the issuer of the certificate answers, or somebody whom the issuer named for that.
  ///
  /// @param lists where a responder is looked up whose certificate does not say that nobody need
  void checkSigned(X509Certificate issuer, ListLookup lists, Instant now)
      throws RevocationUnavailableException {
    if (WeakSignatures.isWeak(answer.getSignatureAlgorithmID())) {
      throw unusable("is signed with a weak algorithm");
    }
    if (isBy(issuer)) {
      return;
    }
    for (var responder : responders()) {
      if (isBy(responder)) {
        checkDelegated(responder, issuer, lists, now);
        return;
      }
    }
    throw unusable("is signed neither by the certificate's issuer nor for it");
  }

  private boolean isBy(X509Certificate signer) {
    try {
      return isNamed(signer) && answer.isSignatureValid(Signatures.by(signer));
    } catch (OCSPException | OperatorCreationException | RuntimeException e) {
      return false;
    }
  }

  private boolean isNamed(X509Certificate signer) {
    var id = answer.getResponderId().toASN1Primitive();
    if (id.getName() != null) {
      return id.getName()
          .equals(X500Name.getInstance(signer.getSubjectX500Principal().getEncoded()));
    }
    var key = SubjectPublicKeyInfo.getInstance(signer.getPublicKey().getEncoded());
    return Arrays.equals(id.getKeyHash(), Sha1.of(key.getPublicKeyData().getBytes()));
  }

  private List<X509Certificate> responders() throws RevocationUnavailableException {
    var holders = answer.getCerts();
    if (holders.length > MAX_CERTIFICATES) {
      throw unusable(
          "has %d certificates, %d are read".formatted(holders.length, MAX_CERTIFICATES));
    }
    var responders = new ArrayList<X509Certificate>();
    for (var holder : holders) {
      try {
        Certificates.read(holder.getEncoded()).ifPresent(responders::add);
      } catch (IOException e) {
        throw unusable("is malformed");
      }
    }
    return responders;
  }

  /// RFC 6960 section 4.2.2.2.
  private static void checkDelegated(
      X509Certificate responder, X509Certificate issuer, ListLookup lists, Instant now)
      throws RevocationUnavailableException {
    if (!isIssuedBy(responder, issuer)) {
      throw unusable("is signed by a responder that the issuer did not name");
    }
    if (now.isBefore(responder.getNotBefore().toInstant())
        || now.isAfter(responder.getNotAfter().toInstant())) {
      throw unusable("is signed by a responder whose certificate is not valid now");
    }
    checkPurpose(responder);
    if (hasNoCheck(responder)) {
      return;
    }
    var addresses = RevocationAddresses.of(responder);
    if (lists.status(responder, issuer, addresses.lists(), null)
        instanceof RevocationStatus.Revoked) {
      throw unusable("is signed by a responder whose certificate was revoked");
    }
  }

  private static boolean isIssuedBy(X509Certificate responder, X509Certificate issuer) {
    try {
      if (!responder.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        return false;
      }
      responder.verify(issuer.getPublicKey(), Providers.BOUNCY_CASTLE);
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  private static void checkPurpose(X509Certificate responder)
      throws RevocationUnavailableException {
    try {
      var purposes = responder.getExtendedKeyUsage();
      var usage = responder.getKeyUsage();
      if (purposes == null
          || !purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId())
          || (usage != null && !usage[DIGITAL_SIGNATURE])) {
        throw unusable("is signed with a certificate that is not for answers");
      }
    } catch (CertificateParsingException e) {
      throw unusable("is signed with a malformed certificate");
    }
  }

  private static boolean hasNoCheck(X509Certificate responder) {
    var type = OCSPObjectIdentifiers.id_pkix_ocsp_nocheck.getId();
    return responder.getExtensionValue(type) != null;
  }

  private static RevocationUnavailableException unusable(String what) {
    return new RevocationUnavailableException("the answer " + what);
  }
}
