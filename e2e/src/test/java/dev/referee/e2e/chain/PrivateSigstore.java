package dev.referee.e2e.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/// A Sigstore instance of one's own that is up: its issuer of tokens, certificate authority, logs
/// and timestamp authority, and the files that clients need for it.
final class PrivateSigstore {
  /// The folder in which it keeps its state.
  static final String STATE = "REFEREE_E2E_SIGSTORE";

  private final Path state;
  private final Path home;
  private final Properties environment;

  private PrivateSigstore(Path state, Path home, Properties environment) {
    this.state = requireNonNull(state, "state is null");
    this.home = requireNonNull(home, "home is null");
    this.environment = requireNonNull(environment, "environment is null");
  }

  /// The instance that the environment names. Without one the test is skipped, and says so.
  ///
  /// @param home of the programs that speak to it
  static PrivateSigstore fromEnvironment(Path home) {
    var folder = System.getenv(STATE);
    return folder == null || folder.isEmpty()
        ? abort("SKIPPED: %s does not name the state of a Sigstore instance".formatted(STATE))
        : open(Path.of(folder), home);
  }

  private static PrivateSigstore open(Path state, Path home) {
    try {
      var environment = new Properties();
      environment.load(new StringReader(Files.readString(state.resolve("env"), UTF_8)));
      return new PrivateSigstore(state, home, environment);
    } catch (IOException e) {
      throw new UncheckedIOException("%s names no Sigstore that is up".formatted(STATE), e);
    }
  }

  /// One of its addresses, by the name of the variable.
  String url(String variable) {
    return requireNonNull(environment.getProperty(variable), variable + " is not there");
  }

  /// What certificates name as the issuer of tokens of a kind.
  String issuer(String kind) {
    return url("ISSUER_URL") + "/" + kind;
  }

  /// A token for somebody.
  ///
  /// @param claims the subject, and further claims as `NAME=VALUE`
  String token(String kind, String... claims) {
    return Program.isolated(state.resolve("token"), home)
        .succeed(Stream.concat(Stream.of("-i", kind), Stream.of(claims)).toArray(String[]::new))
        .text();
  }

  /// Whom to trust for it: a file in JSON.
  Path trustedRoot() {
    return state.resolve("trusted_root.json");
  }

  /// Which of its servers clients use: a file in JSON.
  Path signingConfig(String name) {
    return state.resolve(name);
  }
}
