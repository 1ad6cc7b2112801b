package dev.referee.cli;

import dev.referee.client.DockerConfig;
import dev.referee.client.RegistryClientConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/// How registries are reached, the same for every command that reads from them.
final class RegistryOptions {
  @Option(
      names = "--plain-http",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "A registry that is spoken to without TLS. Those on loopback are anyway.")
  private List<String> plainHttp = List.of();

  @Option(
      names = "--registry-ca",
      paramLabel = "FILE",
      split = ",",
      description = "Certificate authorities (PEM) to trust beside the system's.")
  private List<Path> authorities = List.of();

  /// The configuration, with the credentials that Docker's own client would use.
  RegistryClientConfig config() throws MisuseException {
    var pems = new ArrayList<String>();
    for (var file : authorities) {
      pems.add(read(file));
    }
    try {
      return RegistryClientConfig.defaults()
          .with(DockerConfig.ofUser(System.getenv()))
          .withPlainHttp(Set.copyOf(plainHttp))
          .trusting(pems);
    } catch (IOException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String read(Path file) throws MisuseException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MisuseException("%s cannot be read".formatted(file), e);
    }
  }
}
