package dev.referee.cli;

import dev.referee.server.ClientAuthorities;
import dev.referee.server.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether clients prove who they are by a certificate.
final class ClientCertificateOptions {
  /// Which clients show a certificate.
  enum Mode {
    OPTIONAL,
    REQUIRED
  }

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = {
        "Authorities (PEM) whose certificates clients may show;",
        "what those may do is said by --access."
      })
  private @Nullable Path authorities;

  @Option(
      names = "--client-certificates",
      paramLabel = "optional|required",
      defaultValue = "optional",
      description = {
        "Whether a client without a certificate may use a password or a token, or nothing",
        "(${DEFAULT-VALUE}); required turns it away, also from /livez, /readyz and /metrics."
      })
  private Mode mode = Mode.OPTIONAL;

  /// The TLS files with the authorities of clients.
  ///
  /// @param granting whether somebody says what clients may do
  @Nullable TlsFiles addTo(@Nullable TlsFiles tls, boolean granting) throws MisuseException {
    if (authorities == null) {
      if (mode == Mode.REQUIRED) {
        throw new MisuseException(
            "--client-certificates required needs --client-ca: who vouches for them");
      }
      return tls;
    }
    if (tls == null) {
      throw new MisuseException("--client-ca needs --tls-cert and --tls-key");
    }
    if (mode == Mode.OPTIONAL && !granting) {
      throw new MisuseException(
          "--client-ca changes nothing where everybody may do everything: give --access, or"
              + " --client-certificates required");
    }
    return tls.withClients(new ClientAuthorities(authorities, mode == Mode.REQUIRED));
  }
}
