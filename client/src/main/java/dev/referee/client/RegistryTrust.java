package dev.referee.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Which certificate authorities registries may be certified by: those of the system, and more.
final class RegistryTrust {
  private RegistryTrust() {}

  /// @param pemBundles certificates in PEM
  /// @throws IllegalArgumentException when one is malformed
  static TrustManager with(List<String> pemBundles) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (var authority : x509(null).getAcceptedIssuers()) {
        store.setCertificateEntry("system-" + count++, authority);
      }
      for (var pem : pemBundles) {
        for (var certificate : read(pem)) {
          store.setCertificateEntry("added-" + count++, certificate);
        }
      }
      return x509(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("a CA bundle is malformed: " + e.getMessage(), e);
    }
  }

  /// The certificates of a bundle.
  ///
  /// @throws IllegalArgumentException when there are none, or one is malformed
  static List<X509Certificate> read(String pem) {
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
      var certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("a CA bundle has no certificate in it");
      }
      return certificates;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a CA bundle is malformed: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager x509(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("the JDK has no X.509 trust manager");
  }
}
