package dev.referee.e2e.production;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.referee.e2e.cluster.Cluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// The certificates that the webhook's pods show to who trusts what API servers trust.
final class ServedCertificates {
  private static final int HTTPS = 443;
  private static final int CONNECTIONS = 20;

  private ServedCertificates() {}

  /// The serial numbers of those that many connections to the Service met.
  static Set<String> serials(Cluster cluster, String namespace)
      throws IOException, GeneralSecurityException {
    var address =
        cluster
            .client()
            .services()
            .inNamespace(namespace)
            .withName("referee-webhook")
            .require()
            .getSpec()
            .getClusterIP();
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust(cluster).getTrustManagers(), null);
    var serials = new HashSet<String>();
    for (int i = 0; i < CONNECTIONS; i++) {
      try (var socket = (SSLSocket) context.getSocketFactory().createSocket(address, HTTPS)) {
        socket.startHandshake();
        var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        serials.add(shown.getSerialNumber().toString(16));
      }
    }
    return serials;
  }

  private static TrustManagerFactory trust(Cluster cluster)
      throws IOException, GeneralSecurityException {
    var bundle = Base64.getDecoder().decode(bundle(cluster).getBytes(US_ASCII));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var authorities =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bundle));
    for (var authority : authorities) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  /// What API servers trust now, in base64.
  static String bundle(Cluster cluster) {
    return cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName("referee")
        .require()
        .getWebhooks()
        .getFirst()
        .getClientConfig()
        .getCaBundle();
  }
}
