package dev.referee.e2e.clients;

import dev.referee.e2e.tools.Program;
import dev.referee.e2e.tools.TemporaryFolder;
import dev.referee.testing.tls.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One registry of each kind of access, on loopback, and the authority that vouches for them. All
/// classes of a run share them, in repositories of their own.
public final class BundledRegistries implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final TemporaryFolder folder = TemporaryFolder.create("referee-e2e-authority");
  private final CertificateAuthority authority = CertificateAuthority.create("CN=registries");
  private final BundledRegistry closed;
  private final BundledRegistry open;
  private final BundledRegistry shared;
  private final BundledRegistry tokens;

  private BundledRegistries() {
    try {
      Files.writeString(authorityFile(), authority.certificatePem());
    } catch (IOException e) {
      throw new UncheckedIOException("the authority cannot be written", e);
    }
    closed = BundledRegistry.start(authority, AccessMode.CLOSED, LOOPBACK);
    open = BundledRegistry.start(authority, AccessMode.OPEN, LOOPBACK);
    shared = BundledRegistry.start(authority, AccessMode.PUBLIC, LOOPBACK);
    tokens = BundledRegistry.start(authority, AccessMode.TOKENS, LOOPBACK);
  }

  /// Starts them.
  public static BundledRegistries start() {
    return new BundledRegistries();
  }

  /// `HOST:PORT` of the one that wants a password for everything.
  String closed() {
    return closed.host();
  }

  /// `HOST:PORT` of the one that wants none.
  String open() {
    return open.host();
  }

  /// `HOST:PORT` of the one that lets everybody pull below `public/`.
  String shared() {
    return shared.host();
  }

  /// `HOST:PORT` of the one that lets everybody pull below `public/`, and gives tokens.
  String tokens() {
    return tokens.host();
  }

  CertificateAuthority authority() {
    return authority;
  }

  /// The certificate of the authority, in PEM.
  Path authorityFile() {
    return folder.path().resolve("ca.crt");
  }

  /// A client of Go's that trusts the authority and nobody else.
  Program trusting(Program client) {
    return client.with("SSL_CERT_FILE", authorityFile().toString());
  }

  /// The same client where nobody told it of the authority.
  Program trustingNobody(Program client) {
    return client
        .with("SSL_CERT_FILE", folder.path().resolve("none.crt").toString())
        .with("SSL_CERT_DIR", folder.path().resolve("none").toString());
  }

  @Override
  public void close() {
    closed.close();
    open.close();
    shared.close();
    tokens.close();
    folder.close();
  }
}
