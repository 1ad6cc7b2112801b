package dev.referee.verify.trust;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Authorities of one's own for certificates, and possibly for timestamps.
///
/// @param root the authorities
/// @param timestamped whether a signature needs a timestamp; otherwise its certificate counts while
///   it is valid
public record AuthorityTrust(TrustRoot root, boolean timestamped) {
  public AuthorityTrust {
    requireNonNull(root, "root is null");
  }

  /// Takes authorities.
  ///
  /// @param authorities PEM certificates: each that is issued by itself is trusted, the others may
  ///   stand between; where none is, all are trusted
  /// @param timestampAuthorities the same for timestamps; null, there are none
  /// @throws UnusableTrustRootException when one of the two is no list of certificates
  public static AuthorityTrust read(String authorities, @Nullable String timestampAuthorities)
      throws UnusableTrustRootException {
    var issuers = PemCertificates.read(authorities);
    List<X509Certificate> clocks =
        timestampAuthorities == null ? List.of() : PemCertificates.read(timestampAuthorities);
    var root =
        new TrustRoot(
            fingerprint(issuers, clocks),
            trusted(issuers),
            List.of(),
            List.of(),
            clocks.isEmpty() ? List.of() : trusted(clocks));
    return new AuthorityTrust(root, timestampAuthorities != null);
  }

  private static List<TrustedAuthority> trusted(List<X509Certificate> certificates) {
    var anchors = certificates.stream().filter(PemCertificates::isSelfIssued).toList();
    var authorities = new ArrayList<TrustedAuthority>();
    for (var anchor : anchors.isEmpty() ? certificates : anchors) {
      var chain = new ArrayList<>(certificates);
      chain.removeAll(anchors);
      chain.remove(anchor);
      chain.add(anchor);
      authorities.add(
          new TrustedAuthority(
              anchor.getSubjectX500Principal().getName(),
              chain,
              new Window(anchor.getNotBefore().toInstant(), anchor.getNotAfter().toInstant())));
    }
    return authorities;
  }

  private static Digest fingerprint(List<X509Certificate> issuers, List<X509Certificate> clocks)
      throws UnusableTrustRootException {
    var bytes = new ByteArrayOutputStream();
    try {
      for (var certificate : issuers) {
        bytes.writeBytes(certificate.getEncoded());
      }
      // No certificate begins so: one list cannot pass for the other.
      bytes.writeBytes("timestamps".getBytes(US_ASCII));
      for (var certificate : clocks) {
        bytes.writeBytes(certificate.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new UnusableTrustRootException("a certificate has no encoding");
    }
    return Digest.of(bytes.toByteArray());
  }
}
