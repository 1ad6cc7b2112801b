package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whom a client of a bundled registry trusts.
public final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /// The certificates of a bundle, as the JDK reads them.
  ///
  /// @throws GeneralSecurityException with a sentence, where there are none or one cannot be read
  public static List<X509Certificate> read(String caBundle) throws GeneralSecurityException {
    var certificates = new ArrayList<X509Certificate>();
    for (var certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(caBundle.getBytes(UTF_8)))) {
      if (certificate instanceof X509Certificate x509) {
        certificates.add(x509);
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("it has no certificate in it");
    }
    return certificates;
  }

  /// What a client needs to trust these authorities.
  ///
  /// @param caBundle PEM certificates to trust and no others; empty, those that Java trusts
  public static SSLContext context(String caBundle) throws GeneralSecurityException, IOException {
    if (caBundle.isEmpty()) {
      return SSLContext.getDefault();
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (var certificate : read(caBundle)) {
      store.setCertificateEntry("authority-" + count, certificate);
      count++;
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
