package dev.referee.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A certificate for `localhost` and `127.0.0.1` that signs itself, made anew by the JDK's keytool.
final class TestCertificate {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final TlsFiles files;
  private final X509Certificate certificate;
  private final KeyStore keys;

  private TestCertificate(TlsFiles files, X509Certificate certificate, KeyStore keys) {
    this.files = files;
    this.certificate = certificate;
    this.keys = keys;
  }

  /// A certificate of an authority that vouches for itself as a client.
  static TestCertificate createClient(Path folder) throws Exception {
    return create(folder, "EC", "-ext", "bc=ca:true", "-ext", "eku=clientAuth");
  }

  /// @param algorithm `EC` or `RSA`
  /// @param more options of keytool
  static TestCertificate create(Path folder, String algorithm, String... more) throws Exception {
    var store = Files.createTempDirectory(folder, "tls").resolve("store.p12");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(more));
    var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    var certificate = (X509Certificate) keys.getCertificate("server");
    var files = new TlsFiles(store.resolveSibling("tls.crt"), store.resolveSibling("tls.key"));
    Files.writeString(files.certificateChain(), pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(
        files.key(), pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
    return new TestCertificate(files, certificate, keys);
  }

  TlsFiles files() {
    return files;
  }

  Certificate certificate() {
    return certificate;
  }

  /// Puts another certificate where this one is.
  void replaceWith(TestCertificate other) throws IOException {
    Files.copy(
        other.files.certificateChain(),
        files.certificateChain(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.copy(other.files.key(), files.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /// What a client needs to trust these, and nothing else.
  static SSLContext trusting(TestCertificate... trusted) throws GeneralSecurityException {
    return context(null, trusted);
  }

  /// What a client needs to show this one, and to trust another.
  SSLContext showing(TestCertificate trusted) throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    return context(managers.getKeyManagers(), trusted);
  }

  private static SSLContext context(KeyManager @Nullable [] shown, TestCertificate... trusted)
      throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < trusted.length; i++) {
        store.setCertificateEntry("trusted-" + i, trusted[i].certificate);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(shown, factory.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }
}
