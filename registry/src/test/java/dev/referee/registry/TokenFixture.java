package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import dev.referee.registry.TestRegistry.Answer;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.access.MovingClock;
import dev.referee.registry.access.TestIssuer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/// A registry that gives tokens, where everybody may pull `public/**`, ci may push, a service
/// account may, and eve has repositories of her own.
final class TokenFixture implements AutoCloseable {
  static final byte[] NOTHING = {};
  static final String CI = basic("ci", "ci-password");
  static final String EVE = basic("eve", "eve-password");
  static final String ADMIN = basic("admin", "admin-password");

  final MovingClock clock = new MovingClock();
  final TestIssuer issuer = TestIssuer.rs256("key-1");
  final Path rules;
  final Path users;
  final Path keys;
  private final Path folder;
  private final TestRegistry registry;

  TokenFixture(Path folder) throws Exception {
    this(folder, null);
  }

  TokenFixture(Path folder, @Nullable URI realm) throws Exception {
    this.folder = folder;
    var jwks = Files.write(folder.resolve("jwks.json"), TestIssuer.jwks(issuer));
    users = folder.resolve("htpasswd");
    writeUsers("ci", "eve", "admin");
    keys = Files.writeString(folder.resolve("keys"), secret(1));
    rules = folder.resolve("access.json");
    Files.writeString(
        rules,
        """
        {"anonymous": [{"repositories": ["public/**"]}],
         "users": [
           {"name": "ci", "repositories": ["shop/**", "public/**"], "actions": ["Pull", "Push"]},
           {"name": "eve", "repositories": ["eve/**"], "actions": ["Pull", "Push", "Delete"]},
           {"name": "admin", "repositories": ["**"], "actions": ["Pull", "Push", "Delete", "Pin"]}],
         "serviceAccounts": {
           "issuer": "%s", "audiences": ["%s"], "jwks": "%s",
           "grants": [{"namespace": "shop", "name": "builder", "repositories": ["shop/*"],
                       "actions": ["Pull", "Push"]}]}}
        """
            .formatted(TestIssuer.NAME, TestIssuer.AUDIENCE, jwks));
    registry = start("root", realm);
  }

  /// Another registry with the same files.
  TestRegistry start(String root, @Nullable URI realm) throws Exception {
    var access = FileAccess.open(rules, users, keys, clock);
    return TestRegistry.start(
        folder.resolve(root), config -> config.access(access).tokenRealm(realm).clock(clock));
  }

  TestRegistry registry() {
    return registry;
  }

  /// Writes users whose passwords are their names.
  void writeUsers(String... names) throws Exception {
    var lines = new StringBuilder();
    for (var name : names) {
      lines.append(name).append(':').append(hash(name + "-password")).append('\n');
    }
    Files.writeString(users, lines);
  }

  /// Lets changed files be looked at.
  void passTheInterval() {
    clock.advance(Duration.ofSeconds(6));
  }

  static String secret(int number) {
    var bytes = new byte[48];
    bytes[0] = (byte) number;
    return Base64.getEncoder().encodeToString(bytes) + "\n";
  }

  static String hash(String password) {
    return OpenBSDBCrypt.generate("2y", password.toCharArray(), new byte[16], 4);
  }

  static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  String accountToken() throws Exception {
    return issuer.token("shop", "builder", clock.instant());
  }

  /// Asks for a token.
  ///
  /// @param authorization empty for none
  Answer ask(String authorization, String... scopes) throws Exception {
    var query = new StringBuilder("/token?service=referee");
    for (var scope : scopes) {
      query.append("&scope=").append(URLEncoder.encode(scope, UTF_8));
    }
    return authorization.isEmpty()
        ? registry.get(query.toString())
        : registry.get(query.toString(), "Authorization", authorization);
  }

  /// A token, ready to be sent.
  String bearer(String authorization, String... scopes) throws Exception {
    var answer = ask(authorization, scopes).hasStatus(200).json();
    assertThat(answer.path("token").asText()).isNotEmpty();
    return "Bearer " + answer.path("token").asText();
  }

  Answer post(String form) throws Exception {
    return registry.send(
        "POST",
        "/token",
        form.getBytes(UTF_8),
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  Answer send(String method, String path, String authorization) throws Exception {
    return registry.send(method, path, NOTHING, "Authorization", authorization);
  }

  Answer get(String path, String authorization) throws Exception {
    return send("GET", path, authorization);
  }

  Answer pushBlob(String repository, String content, String authorization) throws Exception {
    var bytes = content.getBytes(UTF_8);
    return registry.send(
        "POST",
        "/v2/%s/blobs/uploads/?digest=%s".formatted(repository, Digest.of(bytes)),
        bytes,
        "Authorization",
        authorization);
  }

  /// Pushes a manifest of its own, with a password.
  TestManifest pushManifest(String repository, String tag) throws Exception {
    var manifest = TestManifest.artifact("application/x-" + tag);
    registry
        .send(
            "PUT",
            "/v2/%s/manifests/%s".formatted(repository, tag),
            manifest.bytes(),
            "Content-Type",
            manifest.mediaType().value(),
            "Authorization",
            ADMIN)
        .hasStatus(201);
    return manifest;
  }

  String challenge(String more) {
    return "Bearer realm=\"%s\",service=\"referee\"%s"
        .formatted(registry.uri().resolve("/token"), more);
  }

  @Override
  public void close() {
    registry.close();
  }

  /// A token that does not hold, or not any more.
  static TestRegistry.Answer assertInvalid(TestRegistry.Answer answer) throws Exception {
    assertThat(answer.refused(401, "UNAUTHORIZED").header("WWW-Authenticate"))
        .endsWith(",error=\"invalid_token\"");
    return answer;
  }
}
