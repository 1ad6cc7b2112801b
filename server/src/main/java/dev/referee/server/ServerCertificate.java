package dev.referee.server;

import static dev.referee.server.ServerStartReason.TLS_FILES_INVALID;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/// Reads a server's certificate and key, and proves that they belong together: two files cannot be
/// replaced at one moment, and a mixed pair would only show in failing handshakes.
final class ServerCertificate {
  /// A chain of certificates takes a few KiB; more is not a chain.
  private static final int MAX_FILE_BYTES = 1 << 20;

  private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

  private ServerCertificate() {}

  static PemKeyCertOptions read(Vertx vertx, TlsFiles files) throws ServerStartException {
    var options =
        new PemKeyCertOptions()
            .setCertValue(content(files.certificateChain(), "certificate"))
            .setKeyValue(content(files.key(), "key"));
    try {
      for (var manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
        checkPair(manager, files);
      }
      return options;
    } catch (ServerStartException e) {
      throw e;
    } catch (Exception e) {
      throw new ServerStartException(
          TLS_FILES_INVALID,
          "%s and %s are not a certificate chain and its unencrypted private key in PEM: %s"
              .formatted(files.certificateChain(), files.key(), e.getMessage()),
          e);
    }
  }

  private static Buffer content(Path file, String what) throws ServerStartException {
    try (var stream = Files.newInputStream(file)) {
      var content = stream.readNBytes(MAX_FILE_BYTES + 1);
      if (content.length > MAX_FILE_BYTES) {
        throw new IOException("it has more than %d bytes".formatted(MAX_FILE_BYTES));
      }
      return Buffer.buffer(content);
    } catch (IOException e) {
      throw new ServerStartException(
          TLS_FILES_INVALID,
          "the TLS %s %s cannot be read: %s".formatted(what, file, e.toString()),
          e);
    }
  }

  private static void checkPair(KeyManager manager, TlsFiles files)
      throws GeneralSecurityException, ServerStartException {
    if (!(manager instanceof X509KeyManager keys)) {
      return;
    }
    for (var type : new String[] {"RSA", "EC", "RSASSA-PSS", "EdDSA"}) {
      var aliases = keys.getServerAliases(type, null);
      for (var alias : aliases == null ? new String[0] : aliases) {
        if (!belongTogether(keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0])) {
          throw new ServerStartException(
              TLS_FILES_INVALID,
              "the key %s is not the key of the certificate %s"
                  .formatted(files.key(), files.certificateChain()),
              new GeneralSecurityException("a signature by the key does not verify"));
        }
      }
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    var signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    signature.initSign(key);
    signature.update(PROBE);
    var signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(PROBE);
    return signature.verify(signed);
  }
}
