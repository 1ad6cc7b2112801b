package dev.referee.testing.tls;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 client that trusts one authority and nobody else.
public final class TrustedClient {
  private TrustedClient() {}

  public static HttpClient of(X509Certificate authority) {
    return of(authority, null);
  }

  /// A client that shows a certificate of its own, if one is given.
  public static HttpClient of(X509Certificate authority, @Nullable IssuedCertificate own) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", authority);
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(own == null ? null : own.keyManagers(), factory.getTrustManagers(), null);
      return HttpClient.newBuilder()
          .sslContext(context)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK does not take the authority", e);
    }
  }
}
