package dev.referee.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.registry.TestRegistry.Answer;
import dev.referee.registry.access.FileAccess;
import dev.referee.registry.access.MovingClock;
import dev.referee.registry.access.TestIssuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what, over real sockets.
class AccessIT {
  private static final byte[] NOTHING = {};

  @TempDir Path folder;
  private final MovingClock clock = new MovingClock();
  private Path rules;
  private Path users;
  private TestIssuer issuer;
  private TestRegistry registry;

  private final String ci = basic("ci", "ci-password");
  private final String eve = basic("eve", "eve-password");
  private final String admin = basic("admin", "admin-password");

  @BeforeEach
  void start() throws Exception {
    issuer = TestIssuer.rs256("key-1");
    var keys = Files.write(folder.resolve("jwks.json"), TestIssuer.jwks(issuer));
    users =
        Files.writeString(
            folder.resolve("htpasswd"),
            "ci:%s\neve:%s\nadmin:%s\n"
                .formatted(hash("ci-password"), hash("eve-password"), hash("admin-password")));
    rules =
        Files.writeString(
            folder.resolve("access.json"),
            """
            {"anonymous": [{"repositories": ["public/**"]}],
             "users": [
               {"name": "ci", "repositories": ["shop/**", "public/**"], "actions": ["Pull", "Push"]},
               {"name": "eve", "repositories": ["eve/**"], "actions": ["Pull", "Push", "Delete"]},
               {"name": "admin", "repositories": ["**"], "actions": ["Pull", "Push", "Delete"]}],
             "serviceAccounts": {
               "issuer": "%s", "audiences": ["%s"], "jwks": "%s",
               "grants": [{"namespace": "shop", "name": "builder", "repositories": ["shop/*"],
                           "actions": ["Pull", "Push"]}]}}
            """
                .formatted(TestIssuer.NAME, TestIssuer.AUDIENCE, keys));
    registry = start(rules, users);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void asksForCredentialsWhereTheyAreNeeded() throws Exception {
    try (var closed = start(null, users)) {
      var challenged = closed.get("/v2/").refused(401, "UNAUTHORIZED");
      assertThat(challenged.header("WWW-Authenticate"))
          .isEqualTo("Basic realm=\"referee\", charset=\"UTF-8\"");
      closed.get("/v2/a/tags/list").refused(401, "UNAUTHORIZED");
      closed.get("/v2/", "Authorization", ci).hasStatus(200);
      // Without rules of their own users may do everything.
      push(closed, "any/where", "v1", ci);
    }
    // Here somebody without credentials may do something, and hears that others may do more.
    for (var nobody : new Answer[] {registry.get("/v2/"), withoutPassword("/v2/")}) {
      assertThat(nobody.hasStatus(200).header("WWW-Authenticate")).startsWith("Basic ");
    }
    var known = registry.get("/v2/", "Authorization", ci).hasStatus(200);
    assertThat(known.header("WWW-Authenticate")).isEmpty();
    try (var open = start(null, null)) {
      assertThat(open.get("/v2/").hasStatus(200).header("WWW-Authenticate")).isEmpty();
    }
    withoutPassword("/v2/shop/cart/tags/list").refused(401, "UNAUTHORIZED");
    withoutPassword("/v2/public/a/tags/list").refused(404, "NAME_UNKNOWN");
    var refused = registry.get("/v2/shop/cart/tags/list").refused(401, "UNAUTHORIZED");
    assertThat(refused.header("WWW-Authenticate")).startsWith("Basic ");
  }

  /// As skopeo does that has no password: RFC 7617 with neither a user nor a password.
  private Answer withoutPassword(String path) throws Exception {
    return registry.get(path, "Authorization", basic("", ""));
  }

  /// Wrong credentials are never fewer rights: a client that mistypes must hear of it.
  @Test
  void takesNoWrongCredentials() throws Exception {
    for (var wrong :
        new String[] {
          basic("ci", "eve-password"),
          basic("nobody", "ci-password"),
          basic("", "ci-password"),
          basic("ci", ""),
          "Basic !",
          "Bearer x.y.z",
          "Digest username=ci",
          "ci:ci-password"
        }) {
      registry.get("/v2/", "Authorization", wrong).refused(401, "UNAUTHORIZED");
      registry.get("/v2/public/a/tags/list", "Authorization", wrong).refused(401, "UNAUTHORIZED");
    }
    registry.get("/v2/", "Authorization", admin, "Authorization", eve).refused(401, "UNAUTHORIZED");
  }

  /// CVE-2026-27771: a route that nobody had guarded.
  @DisplayName("CVE-2026-27771: guards every route")
  @Test
  void guardsEveryRoute() throws Exception {
    var image = push(registry, "shop/cart", "v1", ci);
    var upload = post("/v2/shop/cart/blobs/uploads/", ci).header("Location");
    var digest = image.digest();
    for (var request :
        List.of(
            "GET /v2/shop/cart/manifests/v1",
            "HEAD /v2/shop/cart/manifests/v1",
            "GET /v2/shop/cart/manifests/" + digest,
            "PUT /v2/shop/cart/manifests/v2",
            "DELETE /v2/shop/cart/manifests/v1",
            "DELETE /v2/shop/cart/manifests/" + digest,
            "GET /v2/shop/cart/blobs/" + digest,
            "HEAD /v2/shop/cart/blobs/" + digest,
            "DELETE /v2/shop/cart/blobs/" + digest,
            "GET /v2/shop/cart/tags/list",
            "GET /v2/shop/cart/referrers/" + digest,
            "POST /v2/shop/cart/blobs/uploads/",
            "POST /v2/shop/cart/blobs/uploads/?mount=" + digest,
            "GET " + upload,
            "PATCH " + upload,
            "PUT " + upload + "?digest=" + digest,
            "DELETE " + upload,
            "GET /v2/shop/none/manifests/v1",
            "OPTIONS /v2/shop/cart/manifests/v1")) {
      var method = request.substring(0, request.indexOf(' '));
      var path = request.substring(request.indexOf(' ') + 1);
      assertThat(registry.send(method, path, NOTHING).status()).as(request).isEqualTo(401);
      assertThat(registry.send(method, path, NOTHING, "Authorization", eve).status())
          .as(request)
          .isEqualTo(403);
    }
    registry.get("/v2/shop/cart/manifests/v1", "Authorization", ci).hasStatus(200);
  }

  /// CVE-2026-41888: a deletion by tag is one too.
  @DisplayName("CVE-2026-41888: keeps actions apart")
  @Test
  void keepsActionsApart() throws Exception {
    var image = push(registry, "public/app", "v1", ci);
    var path = "/v2/public/app/manifests/";

    registry.get(path + "v1").hasStatus(200);
    registry.get("/v2/public/app/referrers/" + image.digest()).hasStatus(200);
    for (var reference : List.of("v1", image.digest().toString())) {
      delete(path + reference, ci).refused(403, "DENIED");
    }
    registry.post("/v2/public/app/blobs/uploads/").refused(401, "UNAUTHORIZED");
    delete(path + "v1", admin).hasStatus(202);
  }

  /// CVE-2024-39897: neither a HEAD nor a mount tells whether somebody else has a blob, or gives
  /// it.
  @DisplayName("CVE-2024-39897: tells nothing of other repositories")
  @Test
  void tellsNothingOfOtherRepositories() throws Exception {
    var secret = pushBlob(registry, "shop/cart", "secret", ci);
    var absent = Digest.of("absent".getBytes(UTF_8));

    for (var digest : List.of(secret.digest(), absent)) {
      registry.head("/v2/shop/cart/blobs/" + digest, "Authorization", eve).hasStatus(403);
      registry.head("/v2/eve/a/blobs/" + digest, "Authorization", eve).hasStatus(404);
      post("/v2/eve/a/blobs/uploads/?mount=%s&from=shop/cart".formatted(digest), eve)
          .hasStatus(202);
      post("/v2/eve/a/blobs/uploads/?mount=%s".formatted(digest), eve).hasStatus(202);
      registry.head("/v2/eve/a/blobs/" + digest, "Authorization", eve).hasStatus(404);
    }
    // Whoever may read it there gets it, with and without saying where.
    for (var query : List.of("&from=shop/cart", "")) {
      post("/v2/copy/a/blobs/uploads/?mount=%s%s".formatted(secret.digest(), query), admin)
          .hasStatus(201);
    }
  }

  /// CVE-2026-32589: an upload is whoever's began it, even in one repository.
  @DisplayName("CVE-2026-32589: binds uploads to their caller")
  @Test
  void bindsUploadsToTheirCaller() throws Exception {
    var place = post("/v2/shop/cart/blobs/uploads/", ci).header("Location");
    var data = "data".getBytes(UTF_8);
    var account = basic("any", issuer.token("shop", "builder", clock.instant()));

    for (var other : List.of(admin, account)) {
      registry.get(place, "Authorization", other).refused(404, "BLOB_UPLOAD_UNKNOWN");
      registry
          .send("PATCH", place, data, "Authorization", other)
          .refused(404, "BLOB_UPLOAD_UNKNOWN");
      delete(place, other).refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
    registry.send("PATCH", place, data, "Authorization", ci).hasStatus(202);
    registry
        .send("PUT", place + "?digest=" + Digest.of(data), NOTHING, "Authorization", ci)
        .hasStatus(201);
  }

  @Test
  void listsWhatTheCallerMayRead() throws Exception {
    push(registry, "shop/cart", "v1", ci);
    push(registry, "public/app", "v1", ci);
    push(registry, "eve/a", "v1", eve);

    assertThat(catalog("")).containsExactly("public/app");
    assertThat(catalog("", "Authorization", eve)).containsExactly("eve/a");
    assertThat(catalog("", "Authorization", admin))
        .containsExactly("eve/a", "public/app", "shop/cart");
    assertThat(catalog("?n=2", "Authorization", admin)).containsExactly("eve/a", "public/app");
    assertThat(catalog("?n=2&last=public/app", "Authorization", admin))
        .containsExactly("shop/cart");
    assertThat(registry.get("/v2/_catalog?n=2", "Authorization", admin).header("Link"))
        .isEqualTo("</v2/_catalog?n=2&last=public/app>; rel=\"next\"");
    assertThat(registry.get("/v2/_catalog?n=1").header("Link")).isEmpty();
    registry.get("/v2/_catalog?n=-1").refused(400, "PAGINATION_NUMBER_INVALID");
    registry.get("/v2/_catalog?last=..").refused(400, "PAGINATION_NUMBER_INVALID");
    registry.post("/v2/_catalog").refused(405, "UNSUPPORTED");
  }

  @Test
  void acceptsTokensOfServiceAccounts() throws Exception {
    var token = issuer.token("shop", "builder", clock.instant());

    push(registry, "shop/cart", "v1", basic("", token));
    push(registry, "shop/cart", "v2", basic("<token>", token));
    push(registry, "shop/cart", "v3", "Bearer " + token);
    var other = issuer.token("shop", "other", clock.instant());
    registry
        .get("/v2/shop/cart/tags/list", "Authorization", "Bearer " + other)
        .refused(403, "DENIED");
    registry
        .get("/v2/public/a/tags/list", "Authorization", basic("x", token + "A"))
        .refused(401, "UNAUTHORIZED");
    clock.advance(Duration.ofHours(2));
    registry
        .get("/v2/shop/cart/tags/list", "Authorization", "Bearer " + token)
        .refused(401, "UNAUTHORIZED");
  }

  /// Not knowing is neither yes nor no.
  @Test
  void saysThatATokenCannotBeVerifiedForNow() throws Exception {
    Files.delete(folder.resolve("jwks.json"));

    var answer =
        registry
            .get(
                "/v2/",
                "Authorization",
                "Bearer " + issuer.token("shop", "builder", clock.instant()))
            .refused(503, "UNAVAILABLE");

    assertThat(answer.header("Retry-After")).isNotEmpty();
  }

  @Test
  void takesUpChangedFiles() throws Exception {
    registry.get("/v2/shop/cart/tags/list", "Authorization", eve).refused(403, "DENIED");
    Files.writeString(rules, "{\"users\": [{\"name\": \"eve\", \"repositories\": [\"shop/**\"]}]}");
    Files.writeString(users, "eve:" + hash("new-password"));
    clock.advance(Duration.ofSeconds(6));

    registry.get("/v2/", "Authorization", ci).refused(401, "UNAUTHORIZED");
    registry.get("/v2/", "Authorization", eve).refused(401, "UNAUTHORIZED");
    registry
        .get("/v2/shop/cart/tags/list", "Authorization", basic("eve", "new-password"))
        .refused(404, "NAME_UNKNOWN");
    registry.get("/v2/public/a/tags/list").refused(401, "UNAUTHORIZED");
  }

  @Test
  void keepsWhatWasInForceWhenAFileIsBroken() throws Exception {
    Files.writeString(rules, "{\"anonymous\": [{\"repositories\": [\"**\"]}");
    clock.advance(Duration.ofSeconds(6));

    registry.get("/v2/shop/cart/tags/list").refused(401, "UNAUTHORIZED");
    registry.get("/v2/public/a/tags/list").refused(404, "NAME_UNKNOWN");
  }

  @Test
  void slowsGuessersDown() throws Exception {
    for (int i = 0; i < 10; i++) {
      registry.get("/v2/", "Authorization", basic("admin", "guess" + i)).hasStatus(401);
    }

    var answer =
        registry
            .get("/v2/", "Authorization", basic("admin", "guess"))
            .refused(429, "TOOMANYREQUESTS");

    assertThat(answer.header("Retry-After")).isNotEmpty();
    registry.get("/v2/", "Authorization", ci).hasStatus(200);
  }

  private TestRegistry start(
      @org.jspecify.annotations.Nullable Path rulesFile,
      @org.jspecify.annotations.Nullable Path usersFile)
      throws Exception {
    var access = FileAccess.open(rulesFile, usersFile, clock);
    return TestRegistry.start(
        folder.resolve("root-" + (rulesFile == null)), config -> config.access(access));
  }

  private List<String> catalog(String query, String... headers) throws Exception {
    var names = new java.util.ArrayList<String>();
    registry
        .get("/v2/_catalog" + query, headers)
        .hasStatus(200)
        .json()
        .path("repositories")
        .forEach(name -> names.add(name.asText()));
    return names;
  }

  private TestRegistry.Answer post(String path, String authorization) throws Exception {
    return registry.send("POST", path, NOTHING, "Authorization", authorization);
  }

  private TestRegistry.Answer delete(String path, String authorization) throws Exception {
    return registry.send("DELETE", path, NOTHING, "Authorization", authorization);
  }

  private static Descriptor pushBlob(
      TestRegistry to, String repository, String content, String authorization) throws Exception {
    var bytes = content.getBytes(UTF_8);
    var digest = Digest.of(bytes);
    to.send(
            "POST",
            "/v2/%s/blobs/uploads/?digest=%s".formatted(repository, digest),
            bytes,
            "Authorization",
            authorization)
        .hasStatus(201);
    return new Descriptor(
        dev.referee.oci.MediaType.of("application/octet-stream"), digest, bytes.length);
  }

  private static Descriptor push(
      TestRegistry to, String repository, String tag, String authorization) throws Exception {
    var manifest = TestManifest.image(pushBlob(to, repository, "layer " + tag, authorization));
    to.send(
            "PUT",
            "/v2/%s/manifests/%s".formatted(repository, tag),
            manifest.bytes(),
            "Content-Type",
            manifest.mediaType().value(),
            "Authorization",
            authorization)
        .hasStatus(201);
    return manifest.descriptor();
  }

  private static String basic(String user, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  private static String hash(String password) {
    return OpenBSDBCrypt.generate("2y", password.toCharArray(), new byte[16], 4);
  }
}
