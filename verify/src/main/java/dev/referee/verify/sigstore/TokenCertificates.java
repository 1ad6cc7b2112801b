package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.Certificates;
import dev.referee.verify.trust.Providers;
import dev.referee.verify.trust.TrustedAuthority;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.ess.ESSCertID;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificate;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.tsp.TimeStampToken;

/// The certificates of a timestamp's token, and which of them it names as its signer's. It does so
/// twice: by issuer and number, which nobody signs, and by a hash, which its authority signs (RFC
/// 3161 section 2.4.1, RFC 5816).
final class TokenCertificates {
  private static final int MAX_CERTIFICATES = 16;

  private final TimeStampToken token;
  private final List<X509Certificate> embedded;

  private TokenCertificates(TimeStampToken token, List<X509Certificate> embedded) {
    this.token = requireNonNull(token, "token is null");
    this.embedded = List.copyOf(embedded);
  }

  /// @throws UnprovenException with `TIMESTAMP_INVALID` where they are malformed, or too many
  static TokenCertificates of(TimeStampToken token) throws UnprovenException {
    var holders = token.getCertificates().getMatches(null);
    if (holders.size() > MAX_CERTIFICATES) {
      throw invalid("has %d certificates, %d are read".formatted(holders.size(), MAX_CERTIFICATES));
    }
    checkNothingElse(token, holders.size());
    var certificates = new ArrayList<X509Certificate>();
    for (var holder : holders) {
      certificates.add(certificate(holder));
    }
    return new TokenCertificates(token, certificates);
  }

  /// Bouncy Castle leaves out what is not a certificate, under whatever name one stands.
  private static void checkNothingElse(TimeStampToken token, int certificates)
      throws UnprovenException {
    var data = SignedData.getInstance(token.toCMSSignedData().toASN1Structure().getContent());
    var all = data.getCertificates();
    if ((all == null ? 0 : all.size()) != certificates) {
      throw invalid("has something else among its certificates");
    }
    var lists = data.getCRLs();
    if (lists != null) {
      // They are not looked at, but have to be what they are said to be.
      lists.forEach(CertificateList::getInstance);
    }
  }

  /// Those that it brings along.
  List<X509Certificate> embedded() {
    return embedded;
  }

  /// Whether the token names it by issuer and number.
  boolean isNamed(X509Certificate certificate) throws UnprovenException {
    try {
      return token.getSID().match(new JcaX509CertificateHolder(certificate));
    } catch (CertificateEncodingException e) {
      throw invalid("has a malformed certificate");
    }
  }

  /// Insists that whoever is unknown is somebody else, and not one of these authorities under
  /// another name: where both ways of naming the signer do not name the same, it is refused and not
  /// passed over. What it brings along has to have its signer's certificate among it.
  void checkStranger(List<TrustedAuthority> authorities) throws UnprovenException {
    boolean found = embedded.isEmpty();
    for (var certificate : embedded) {
      found = found || (isNamed(certificate) && isHashed(certificate));
    }
    if (!found) {
      throw invalid("does not bring along the certificate that it says it is signed with");
    }
    for (var authority : authorities) {
      for (var certificate : authority.chain()) {
        if (isHashed(certificate)) {
          throw invalid("is by %s and names somebody else".formatted(authority.name()));
        }
      }
    }
  }

  /// Whether the token names it by its hash.
  private boolean isHashed(X509Certificate certificate) throws UnprovenException {
    var attributes = token.getSignedAttributes();
    var second = attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
    if (second != null) {
      ESSCertIDv2 id =
          SigningCertificateV2.getInstance(second.getAttrValues().getObjectAt(0)).getCerts()[0];
      return isHash(id.getCertHash(), id.getHashAlgorithm().getAlgorithm().getId(), certificate);
    }
    var first = attributes.get(PKCSObjectIdentifiers.id_aa_signingCertificate);
    ESSCertID id =
        SigningCertificate.getInstance(first.getAttrValues().getObjectAt(0)).getCerts()[0];
    return isHash(id.getCertHash(), OIWObjectIdentifiers.idSHA1.getId(), certificate);
  }

  private static boolean isHash(byte[] hash, String algorithm, X509Certificate certificate)
      throws UnprovenException {
    try {
      var digest = MessageDigest.getInstance(algorithm, Providers.BOUNCY_CASTLE);
      return MessageDigest.isEqual(hash, digest.digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw invalid("names its certificate by a hash that is not read: " + algorithm);
    } catch (CertificateEncodingException e) {
      throw invalid("has a malformed certificate");
    }
  }

  private static X509Certificate certificate(X509CertificateHolder holder)
      throws UnprovenException {
    try {
      return Certificates.read(holder.getEncoded())
          .orElseThrow(() -> invalid("has a malformed certificate"));
    } catch (IOException e) {
      throw invalid("has a malformed certificate");
    }
  }

  private static UnprovenException invalid(String what) {
    return new UnprovenException(TIMESTAMP_INVALID, "the timestamp " + what);
  }
}
