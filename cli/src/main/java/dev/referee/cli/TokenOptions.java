package dev.referee.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether a registry gives tokens of its own.
final class TokenOptions {
  /// What stands in a header in quotes.
  private static final Pattern PRINTABLE = Pattern.compile("[!#-\\[\\]-~]+");

  @Option(
      names = "--token-key",
      paramLabel = "FILE",
      description = {
        "Give tokens, signed by the first of these secrets: one a line, base64 of at least",
        "32 bytes (openssl rand -base64 48). Replicas share the file."
      })
  private @Nullable Path keys;

  @Option(
      names = "--token-realm",
      paramLabel = "URL",
      description = {
        "Where clients reach /token, by default the host that each of them asked for:",
        "for a registry behind something that ends TLS."
      })
  private @Nullable String realm;

  /// The file of secrets.
  ///
  /// @param granting whether somebody says what clients may do
  @Nullable Path keys(boolean granting) throws MisuseException {
    if (keys != null && !granting) {
      throw new MisuseException(
          "--token-key is of no use where everybody may do everything: give --access or"
              + " --htpasswd");
    }
    return keys;
  }

  /// Where clients reach the service of tokens.
  @Nullable URI realm() throws MisuseException {
    if (realm == null) {
      return null;
    }
    if (keys == null) {
      throw new MisuseException("--token-realm needs --token-key");
    }
    try {
      var uri = new URI(realm);
      boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && PRINTABLE.matcher(realm).matches()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new MisuseException("--token-realm %s is no URL".formatted(realm), e);
    }
    throw new MisuseException(
        "--token-realm %s is not the http or https URL of /token".formatted(realm));
  }
}
