package dev.referee.operator.registry.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whom a client of a bundled registry trusts.
public final class TrustedAuthorities {
  private TrustedAuthorities() {}

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
    for (var certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(caBundle.getBytes(UTF_8)))) {
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
