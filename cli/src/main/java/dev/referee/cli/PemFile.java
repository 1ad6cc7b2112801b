package dev.referee.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/// A file of certificates in PEM.
final class PemFile {
  private PemFile() {}

  /// Its text, which has at least one certificate and no broken one.
  ///
  /// @throws MisuseException with a sentence that names the file
  static String certificates(Path file) throws MisuseException {
    try {
      var text = Files.readString(file);
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      if (found.isEmpty()) {
        throw new MisuseException("%s has no certificate".formatted(file));
      }
      return text;
    } catch (IOException e) {
      throw new MisuseException("%s cannot be read".formatted(file), e);
    } catch (CertificateException e) {
      throw new MisuseException("%s has no certificates in PEM".formatted(file), e);
    }
  }
}
