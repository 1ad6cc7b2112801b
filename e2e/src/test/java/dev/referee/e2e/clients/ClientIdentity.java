package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import dev.referee.testing.tls.IssuedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Who a client is by its certificate: a folder as Docker's and containers' `certs.d` have it.
///
/// @param folder with `ca.crt`, the authority of the registry, and, of somebody, `client.cert` and
///   `client.key`
record ClientIdentity(Path folder) {
  ClientIdentity {
    requireNonNull(folder, "folder is null");
  }

  /// Somebody.
  static ClientIdentity write(Path folder, Path authority, IssuedCertificate certificate)
      throws IOException {
    var identity = nobody(folder, authority);
    Files.writeString(identity.certificate(), certificate.certificatePem());
    Files.writeString(identity.key(), certificate.keyPem());
    return identity;
  }

  /// Whoever shows no certificate.
  static ClientIdentity nobody(Path folder, Path authority) throws IOException {
    Files.copy(authority, Files.createDirectories(folder).resolve("ca.crt"));
    return new ClientIdentity(folder);
  }

  boolean isSomebody() {
    return Files.exists(certificate());
  }

  Path authority() {
    return folder.resolve("ca.crt");
  }

  Path certificate() {
    return folder.resolve("client.cert");
  }

  Path key() {
    return folder.resolve("client.key");
  }
}
