package dev.referee.cli;

import dev.referee.server.ListenAddress;
import dev.referee.server.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a server listens and with which certificate.
final class ListenOptions {
  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 takes any free one.")
  private @Nullable String listen;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain (PEM).")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key (PEM).")
  private @Nullable Path key;

  ListenAddress address(String otherwise) throws MisuseException {
    try {
      return ListenAddress.parse(listen == null ? otherwise : listen);
    } catch (IllegalArgumentException e) {
      throw new MisuseException("--listen: " + e.getMessage(), e);
    }
  }

  /// The certificate; null where neither option is given.
  @Nullable TlsFiles tls() throws MisuseException {
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new MisuseException("--tls-cert and --tls-key go together");
    }
    return new TlsFiles(certificate, key);
  }
}
