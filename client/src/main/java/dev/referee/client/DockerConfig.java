package dev.referee.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Credentials in Docker's `config.json`, which is also the content of a Kubernetes pull secret
/// (`kubernetes.io/dockerconfigjson`). Credential helpers are programs and are not run.
public final class DockerConfig implements CredentialsSource {
  private static final int MAX_BYTES = 1 << 20;

  /// Docker Hub's key in such files.
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

  private final Map<String, Credentials> byHost;

  private DockerConfig(Map<String, Credentials> byHost) {
    this.byHost = Map.copyOf(byHost);
  }

  /// Reads a document.
  ///
  /// @throws MalformedContentException when it is none
  public static DockerConfig parse(byte[] document) {
    var byHost = new HashMap<String, Credentials>();
    var auths = StrictJson.readObject(document, MAX_BYTES).optionalObject("auths");
    if (auths != null) {
      auths
          .node()
          .fieldNames()
          .forEachRemaining(
              key ->
                  credentials(auths.object(key)).ifPresent(found -> byHost.put(host(key), found)));
    }
    return new DockerConfig(byHost);
  }

  /// Reads the file that Docker's own client would read: `$DOCKER_CONFIG/config.json`, else
  /// `~/.docker/config.json`; nothing where there is none.
  ///
  /// @throws IOException when it is there and cannot be read
  public static CredentialsSource ofUser(Map<String, String> environment) throws IOException {
    var folder = environment.get("DOCKER_CONFIG");
    var home = environment.getOrDefault("HOME", "");
    var file = (folder == null ? Path.of(home, ".docker") : Path.of(folder)).resolve("config.json");
    try {
      return parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return CredentialsSource.ANONYMOUS;
    } catch (MalformedContentException e) {
      throw new IOException("%s is malformed: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public Credentials credentials(Repository repository) {
    return byHost.getOrDefault(repository.registry(), Credentials.ANONYMOUS);
  }

  private static Optional<Credentials> credentials(JsonFields entry) {
    var identityToken = entry.optionalText("identitytoken");
    if (identityToken != null && !identityToken.isEmpty()) {
      return Optional.of(new Credentials.IdentityToken(identityToken));
    }
    var auth = entry.optionalText("auth");
    if (auth != null && !auth.isEmpty()) {
      return basic(auth);
    }
    var username = entry.optionalText("username");
    var password = entry.optionalText("password");
    return username == null || password == null
        ? Optional.empty()
        : Optional.of(new Credentials.Basic(username, password));
  }

  private static Optional<Credentials> basic(String auth) {
    try {
      var pair = new String(Base64.getDecoder().decode(auth), UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new Credentials.Basic(pair.substring(0, colon), pair.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Keys are hosts, or URLs with one, in the spelling that [Repository] gives hosts.
  private static String host(String key) {
    if (key.equals(DOCKER_HUB_KEY)) {
      return Repository.DOCKER_HUB;
    }
    var withoutScheme = key.replaceFirst("^https?://", "");
    int slash = withoutScheme.indexOf('/');
    var host = slash < 0 ? withoutScheme : withoutScheme.substring(0, slash);
    try {
      return new Repository(host, "any").registry();
    } catch (MalformedContentException e) {
      // Nothing will ever ask for it.
      return key;
    }
  }
}
