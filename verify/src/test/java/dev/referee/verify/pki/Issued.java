package dev.referee.verify.pki;

import static java.util.Objects.requireNonNull;

import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.operator.ContentSigner;
import org.jspecify.annotations.Nullable;

/// A certificate, its keys and whoever issued it.
///
/// @param issuer null, itself
public record Issued(X509Certificate certificate, KeyPair keys, @Nullable Issued issuer) {
  public Issued {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(keys, "keys is null");
  }

  /// From this certificate to the root.
  public List<X509Certificate> chain() {
    var chain = new ArrayList<X509Certificate>();
    for (var one = this; one != null; one = one.issuer()) {
      chain.add(one.certificate());
    }
    return chain;
  }

  public byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Signs as an authority does.
  public ContentSigner signer() {
    return Keys.signer(keys);
  }
}
