package dev.referee.server;

import static dev.referee.server.ServerStartReason.TLS_FILES_INVALID;
import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One state of the files that a server's TLS is made of.
///
/// @param certificate what the server shows
/// @param clients which certificates of clients it accepts; null when it asks for none
/// @param required whether it wants one of every client
record ServerTls(KeyCertOptions certificate, @Nullable ClientTrust clients, boolean required) {
  private static final int MAX_FILE_BYTES = 1 << 20;

  ServerTls {
    requireNonNull(certificate, "certificate is null");
  }

  static ServerTls read(Vertx vertx, TlsFiles files) throws ServerStartException {
    var certificate = ServerCertificate.read(vertx, files);
    var clients = files.clients();
    return clients == null
        ? new ServerTls(certificate, null, false)
        : new ServerTls(certificate, trust(clients.file()), clients.required());
  }

  /// Its options, which every listener has for itself.
  ServerSSLOptions options() {
    var options = new ServerSSLOptions().setKeyCertOptions(certificate).setUseAlpn(false);
    if (clients != null) {
      options.setTrustOptions(TrustOptions.wrap(clients));
      // A certificate that does not hold ends the handshake also where none would do.
      options.setClientAuth(required ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
    }
    return options;
  }

  private static ClientTrust trust(Path file) throws ServerStartException {
    try {
      return ClientTrust.of(authorities(file));
    } catch (IOException | GeneralSecurityException e) {
      throw new ServerStartException(
          TLS_FILES_INVALID,
          "%s does not hold the certificates (PEM) of who vouches for clients: %s"
              .formatted(file, e instanceof IOException ? e.toString() : e.getMessage()),
          e);
    }
  }

  private static List<X509Certificate> authorities(Path file)
      throws IOException, CertificateException {
    byte[] content;
    try (var stream = Files.newInputStream(file)) {
      content = stream.readNBytes(MAX_FILE_BYTES + 1);
    }
    if (content.length > MAX_FILE_BYTES) {
      throw new IOException("it has more than %d bytes".formatted(MAX_FILE_BYTES));
    }
    var authorities = new ArrayList<X509Certificate>();
    for (var one :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(content))) {
      if (!(one instanceof X509Certificate authority) || authority.getBasicConstraints() < 0) {
        // The JDK would accept it for itself, whatever its dates say.
        throw new CertificateException("one of them is no authority's");
      }
      authorities.add(authority);
    }
    if (authorities.isEmpty()) {
      throw new CertificateException("there is none in it");
    }
    return authorities;
  }
}
