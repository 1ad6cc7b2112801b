package dev.referee.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The authorities in a file of PEM certificates (RFC 7468), which a connection trusts instead of
/// the system's.
public final class TrustedAuthorities {
  /// A list of every public authority is a quarter of it.
  static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final byte[] content;
  private final SSLContext context;

  private TrustedAuthorities(Path file, byte[] content, SSLContext context) {
    this.file = file;
    this.content = content;
    this.context = context;
  }

  /// Reads a file of authorities.
  ///
  /// @throws IOException with a sentence, where it is not there or has none
  public static TrustedAuthorities read(Path file) throws IOException {
    var content = bytes(file);
    return new TrustedAuthorities(file, content, context(file, content));
  }

  /// What the file says now; null while it still says this.
  ///
  /// @throws IOException with a sentence, where it is not there any more or has none
  public @Nullable TrustedAuthorities changed() throws IOException {
    var now = bytes(file);
    return Arrays.equals(now, content)
        ? null
        : new TrustedAuthorities(file, now, context(file, now));
  }

  /// What a client needs to trust these authorities and no others.
  public SSLContext context() {
    return context;
  }

  private static byte[] bytes(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      var content = stream.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new IOException("%s has more than %d bytes".formatted(file, MAX_BYTES));
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new IOException("%s is not there".formatted(file), e);
    }
  }

  private static SSLContext context(Path file, byte[] pem) throws IOException {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (var authority :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        store.setCertificateEntry("authority-" + count++, authority);
      }
      if (count == 0) {
        throw new IOException("%s has no certificate".formatted(file));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("%s cannot be used: %s".formatted(file, e.getMessage()), e);
    }
  }
}
