package dev.referee.testing.tls;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate and its key.
public record IssuedCertificate(X509Certificate certificate, PrivateKey key) {
  public IssuedCertificate {
    requireNonNull(certificate, "certificate is null");
    requireNonNull(key, "key is null");
  }

  public String certificatePem() {
    return Pem.of(certificate);
  }

  /// PKCS #8.
  public String keyPem() {
    return Pem.of(key);
  }

  /// What a server of the JDK needs to present this certificate.
  public SSLContext sslContext() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK does not take the certificate", e);
    }
  }

  /// What either side of a connection needs to present this certificate.
  KeyManager[] keyManagers() {
    // Guards a key store that never leaves this method.
    var password = new char[0];
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      store.setKeyEntry("own", key, password, new Certificate[] {certificate});
      var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(store, password);
      return keyManagers.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK does not take the certificate", e);
    }
  }
}
