package dev.referee.server;

import static java.util.Objects.requireNonNull;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Accepts the certificates of clients that one of its authorities issued for clients: a
/// certificate that does not say what it is for is not one of a client.
final class ClientTrust extends X509ExtendedTrustManager {
  /// RFC 5280 section 4.2.1.12, `id-kp-clientAuth`.
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

  private final X509ExtendedTrustManager chains;

  private ClientTrust(X509ExtendedTrustManager chains) {
    this.chains = requireNonNull(chains, "chains is null");
  }

  static ClientTrust of(Collection<X509Certificate> authorities) throws GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (java.io.IOException e) {
      throw new GeneralSecurityException("an empty key store cannot be made", e);
    }
    int count = 0;
    for (var authority : authorities) {
      store.setCertificateEntry("authority-" + count++, authority);
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager chains) {
        return new ClientTrust(chains);
      }
    }
    throw new GeneralSecurityException("the JDK has no trust manager for X.509");
  }

  private static void checkPurpose(X509Certificate[] chain) throws CertificateException {
    var purposes = chain[0].getExtendedKeyUsage();
    if (purposes == null || !purposes.contains(CLIENT_AUTHENTICATION)) {
      throw new CertificateException("the certificate was not issued for clients");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    chains.checkClientTrusted(chain, type, engine);
    checkPurpose(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    chains.checkClientTrusted(chain, type, socket);
    checkPurpose(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    chains.checkClientTrusted(chain, type);
    checkPurpose(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServer();
  }

  private static CertificateException noServer() {
    return new CertificateException("servers are not what these authorities vouch for");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return List.of(chains.getAcceptedIssuers()).toArray(X509Certificate[]::new);
  }
}
