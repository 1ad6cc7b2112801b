package dev.referee.registry;

import static dev.referee.registry.TokenFixture.ADMIN;
import static dev.referee.registry.TokenFixture.CI;
import static dev.referee.registry.TokenFixture.NOTHING;
import static dev.referee.registry.TokenFixture.assertInvalid;
import static dev.referee.registry.TokenFixture.basic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tokens are asked for by, and what they let do, over real sockets.
class TokenIT {
  private static final String PULL_CART = "repository:shop/cart:pull";
  private static final String PUSH_CART = "repository:shop/cart:pull,push";
  private static final String CART = "/v2/shop/cart/tags/list";

  @TempDir private Path folder;
  private TokenFixture fixture;
  private TestRegistry registry;

  @BeforeEach
  void start() throws Exception {
    fixture = new TokenFixture(folder);
    registry = fixture.registry();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /// Docker's engine sends its password to nobody who lets it in without: so it is asked for at the
  /// door, and what everybody may read is still read without it.
  @Test
  void asksWhoItIsWhereClientsLook() throws Exception {
    for (var nobody :
        new TestRegistry.Answer[] {registry.get("/v2/"), fixture.get("/v2/", basic("", ""))}) {
      assertThat(nobody.refused(401, "UNAUTHORIZED").header("WWW-Authenticate"))
          .isEqualTo(fixture.challenge(""));
    }
    registry.get("/v2/public/a/tags/list").refused(404, "NAME_UNKNOWN");
    registry.get("/v2/_catalog").refused(401, "UNAUTHORIZED");
    fixture.get("/v2/", CI).hasStatus(200);
    for (var token : List.of(fixture.bearer(""), fixture.bearer(CI))) {
      var known = fixture.get("/v2/", token).hasStatus(200);
      assertThat(known.response().headers().map()).doesNotContainKey("www-authenticate");
      registry.head("/v2/", "Authorization", token).hasStatus(200);
    }
  }

  @Test
  void saysWhichTokenEachRouteNeeds() throws Exception {
    var digest = Digest.of(NOTHING);
    for (var expected :
        List.of(
            "GET /v2/shop/cart/tags/list repository:shop/cart:pull",
            "HEAD /v2/shop/cart/manifests/v1 repository:shop/cart:pull",
            "GET /v2/shop/cart/referrers/" + digest + " repository:shop/cart:pull",
            "PUT /v2/shop/cart/manifests/v1 repository:shop/cart:pull,push",
            "POST /v2/shop/cart/blobs/uploads/ repository:shop/cart:pull,push",
            "PATCH /v2/shop/cart/blobs/uploads/x repository:shop/cart:pull,push",
            "GET /v2/shop/cart/blobs/uploads/x repository:shop/cart:pull,push",
            "DELETE /v2/shop/cart/manifests/v1 repository:shop/cart:delete",
            "DELETE /v2/shop/cart/blobs/" + digest + " repository:shop/cart:delete",
            "GET /_referee/v1/pins/shop/cart/" + digest + " repository:shop/cart:pin",
            "GET /v2/_catalog registry:catalog:*",
            "POST /v2/shop/cart/blobs/uploads/?mount=%s&from=shop/base".formatted(digest)
                + " repository:shop/cart:pull,push repository:shop/base:pull",
            "POST /v2/shop/cart/blobs/uploads/?mount=%s&from=shop/cart".formatted(digest)
                + " repository:shop/cart:pull,push",
            "POST /v2/shop/cart/blobs/uploads/?mount=%s&from=%%22".formatted(digest)
                + " repository:shop/cart:pull,push")) {
      var parts = expected.split(" ", 3);
      var answer = registry.send(parts[0], parts[1], NOTHING);
      assertThat(answer.hasStatus(401).header("WWW-Authenticate"))
          .as(expected)
          .isEqualTo(fixture.challenge(",scope=\"%s\"".formatted(parts[2])));
    }
    // What is no route needs no token, and is no challenge either.
    registry.get("/other").refused(404, "UNSUPPORTED");
  }

  @Test
  void readsNoQueryThatIsNone() throws Exception {
    var answer =
        send("POST /v2/shop/cart/blobs/uploads/?mount=%zz", "Host: a\r\nContent-Length: 0");

    assertThat(answer)
        .contains(" 401 ")
        .contains("realm=\"http://a/token\"")
        .contains("scope=\"repository:shop/cart:pull,push\"");
  }

  @Test
  void pushesAndPullsByTokens() throws Exception {
    var push = fixture.bearer(CI, PUSH_CART);
    fixture.pushBlob("shop/cart", "layer", push).hasStatus(201);
    var layer = "/v2/shop/cart/blobs/" + Digest.of("layer".getBytes(UTF_8));
    fixture.get(layer, push).hasStatus(200);
    fixture.get(layer, fixture.bearer(CI, PULL_CART)).hasStatus(200);
    // A password still does, with every request.
    fixture.get(layer, CI).hasStatus(200);

    fixture
        .pushBlob("public/app", "open", fixture.bearer(CI, "repository:public/app:*"))
        .hasStatus(201);
    var open = "/v2/public/app/blobs/" + Digest.of("open".getBytes(UTF_8));
    fixture.get(open, fixture.bearer("", "repository:public/app:pull,push")).hasStatus(200);
    registry.get(open).hasStatus(200);
  }

  /// 401 where another token would do, so that clients fetch it; 403 where none would.
  @Test
  void tellsATooSmallTokenFromACallerWhoMayNot() throws Exception {
    var pull = fixture.bearer(CI, PULL_CART);
    var small = fixture.pushBlob("shop/cart", "x", pull).refused(401, "UNAUTHORIZED");
    assertThat(small.header("WWW-Authenticate"))
        .isEqualTo(
            fixture.challenge(
                ",scope=\"repository:shop/cart:pull,push\",error=\"insufficient_scope\""));
    // Nobody's right is told from a repository that does not exist.
    for (var name : List.of("eve/a", "eve/none")) {
      fixture.get("/v2/%s/tags/list".formatted(name), pull).refused(403, "DENIED");
    }
    fixture.send("DELETE", "/v2/shop/cart/manifests/v1", pull).refused(403, "DENIED");

    var nobody = fixture.bearer("", "repository:public/a:pull", "repository:shop/cart:pull,push");
    var refused = fixture.get(CART, nobody).refused(401, "UNAUTHORIZED");
    assertThat(refused.header("WWW-Authenticate"))
        .isEqualTo(fixture.challenge(",scope=\"repository:shop/cart:pull\""));
    fixture.get("/v2/public/a/tags/list", nobody).refused(404, "NAME_UNKNOWN");
    var narrow = fixture.get("/v2/public/b/tags/list", nobody).refused(401, "UNAUTHORIZED");
    assertThat(narrow.header("WWW-Authenticate")).endsWith(",error=\"insufficient_scope\"");
  }

  @Test
  void grantsWhatWasAskedForAndGranted() throws Exception {
    // Asked for: more than ci has. A part, or nothing, is no error.
    var token = fixture.bearer(CI, "repository:shop/cart:*", "repository:eve/a:pull", "nonsense");
    fixture.pushBlob("shop/cart", "x", token).hasStatus(201);
    fixture.get("/v2/eve/a/tags/list", token).refused(403, "DENIED");
    var empty = fixture.bearer(CI, "repository:eve/a:pull");
    fixture.get(CART, empty).refused(401, "UNAUTHORIZED");
    // A plus sign in a query is meant as a space by half of the clients.
    var both =
        registry
            .get(
                "/token?scope=repository:shop/a:pull+repository:shop/b:pull&scope=",
                "Authorization",
                CI)
            .hasStatus(200)
            .json();
    for (var name : List.of("shop/a", "shop/b")) {
      fixture
          .get("/v2/%s/tags/list".formatted(name), "Bearer " + both.path("token").asText())
          .refused(404, "NAME_UNKNOWN");
    }
  }

  @Test
  void answersAsClientsReadIt() throws Exception {
    var answer = fixture.ask(CI, PULL_CART).hasStatus(200);

    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    var body = answer.json();
    assertThat(body.path("access_token")).isEqualTo(body.path("token"));
    assertThat(body.path("expires_in").asInt()).isEqualTo(300);
    assertThat(body.path("issued_at").asText()).isEqualTo("2026-06-01T12:00:00Z");
    assertThat(body.size()).isEqualTo(4);
  }

  @Test
  void takesTokensOfServiceAccountsDirectlyAndForItsOwn() throws Exception {
    var account = fixture.accountToken();
    fixture.pushBlob("shop/cart", "direct", "Bearer " + account).hasStatus(201);
    for (var credentials : List.of("Bearer " + account, basic("any", account))) {
      fixture.pushBlob("shop/cart", "own", fixture.bearer(credentials, PUSH_CART)).hasStatus(201);
    }
    fixture.clock.advance(Duration.ofHours(1));
    // Its last minute is the difference that two clocks may have, and its tokens end with it.
    var last = fixture.ask("Bearer " + account, PUSH_CART).hasStatus(200).json();
    assertThat(last.path("expires_in").asInt()).isEqualTo(60);
    fixture.clock.advance(Duration.ofMinutes(1));
    assertInvalid(fixture.get(CART, "Bearer " + last.path("token").asText()));
    fixture.ask("Bearer " + account).refused(401, "UNAUTHORIZED");
  }

  /// An upload belongs to its caller, by whatever it proves who it is.
  @DisplayName("CVE-2026-32589: binds uploads to their caller, and not to a token")
  @Test
  void goesOnWithAnUploadByAnotherToken() throws Exception {
    var place =
        fixture
            .send("POST", "/v2/shop/cart/blobs/uploads/", fixture.bearer(CI, PUSH_CART))
            .hasStatus(202)
            .header("Location");
    fixture.clock.advance(Duration.ofMinutes(6));
    for (var other :
        List.of(
            fixture.bearer(ADMIN, PUSH_CART),
            fixture.bearer("Bearer " + fixture.accountToken(), PUSH_CART),
            ADMIN)) {
      fixture.get(place, other).refused(404, "BLOB_UPLOAD_UNKNOWN");
      fixture.send("DELETE", place, other).refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
    var data = "data".getBytes(UTF_8);
    registry
        .send("PATCH", place, data, "Authorization", fixture.bearer(CI, PUSH_CART))
        .hasStatus(202);
    fixture.send("PUT", place + "?digest=" + Digest.of(data), CI).hasStatus(201);
  }

  /// CVE-2024-39897, by tokens: what a token is not meant for is not there.
  @DisplayName("CVE-2024-39897: mounts from where the token reaches")
  @Test
  void mountsFromWhereTheTokenReaches() throws Exception {
    fixture.pushBlob("shop/base", "layer", CI).hasStatus(201);
    var mount =
        "/v2/shop/cart/blobs/uploads/?from=shop/base&mount=" + Digest.of("layer".getBytes(UTF_8));
    var one = fixture.bearer(CI, PUSH_CART);

    fixture.send("POST", mount, one).hasStatus(202);
    fixture.send("POST", mount.replace("from=shop/base&", ""), one).hasStatus(202);
    fixture
        .send("POST", mount, fixture.bearer(CI, PUSH_CART, "repository:shop/base:pull"))
        .hasStatus(201);
  }

  @Test
  void listsWhatTheTokenIsMeantFor() throws Exception {
    fixture.pushManifest("shop/cart", "v1");
    fixture.pushManifest("shop/base", "v1");
    fixture.pushManifest("public/app", "v1");
    fixture.pushManifest("eve/a", "v1");

    assertThat(catalog(fixture.bearer(CI, "registry:catalog:*")))
        .containsExactly("public/app", "shop/base", "shop/cart");
    assertThat(catalog(fixture.bearer(CI, PULL_CART))).containsExactly("shop/cart");
    assertThat(catalog(fixture.bearer(CI))).isEmpty();
    assertThat(catalog(fixture.bearer("", "registry:catalog:*"))).containsExactly("public/app");
    assertThat(catalog(CI)).containsExactly("public/app", "shop/base", "shop/cart");
  }

  @Test
  void pinsByTokens() throws Exception {
    var digest = fixture.pushManifest("shop/cart", "v1").digest();
    var lease = "/_referee/v1/pins/shop/cart/" + digest;

    fixture.send("PUT", lease, fixture.bearer(ADMIN, PUSH_CART)).refused(401, "UNAUTHORIZED");
    fixture.send("PUT", lease, fixture.bearer(ADMIN, "repository:shop/cart:pin")).hasStatus(201);
    // It is the caller's, and not the token's.
    fixture.get(lease, ADMIN).hasStatus(200);
    fixture
        .send("PUT", lease, fixture.bearer(CI, "repository:shop/cart:pin"))
        .refused(403, "DENIED");
    fixture.send("DELETE", lease, fixture.bearer(ADMIN, "repository:shop/cart:*")).hasStatus(202);
  }

  @Test
  void namesTheRealmThatItWasTold() throws Exception {
    var folderOfAnother = Files.createDirectory(folder.resolve("another"));
    try (var behind =
        new TokenFixture(folderOfAnother, URI.create("https://registry.example.com/token"))) {
      assertThat(behind.registry().get("/v2/").hasStatus(401).header("WWW-Authenticate"))
          .isEqualTo("Bearer realm=\"https://registry.example.com/token\",service=\"referee\"");
    }
  }

  /// A realm from a header that anybody may write would send passwords anywhere.
  @Test
  void takesItsOwnNameFromTheHostHeaderAlone() throws Exception {
    for (var host :
        List.of("a", "registry.shop.svc:5000", "10.0.0.1:80", "[::1]:5000", "my_registry:1")) {
      assertThat(ping("Host: " + host + "\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https"))
          .contains(" 401 ")
          .containsIgnoringCase(
              "WWW-Authenticate: Bearer realm=\"http://%s/token\",service=\"referee\"\r\n"
                  .formatted(host));
    }
    for (var host :
        List.of(
            "Host: a\"b",
            "Host: a/b",
            "Host: user@a",
            "Host: a:b",
            "Host: a:123456",
            "Host: -a",
            "Host: a b",
            "Host: \\",
            "Host: [::1",
            "Host:",
            "Host: a,b")) {
      assertThat(ping(host)).as(host).contains(" 400 ").doesNotContainIgnoringCase("authenticate");
    }
    assertThat(ping("Host: a\r\nHost: b")).contains(" 400 ").doesNotContain("realm");
  }

  private String ping(String headers) throws Exception {
    return send("GET /v2/", headers);
  }

  private String send(String request, String headers) throws Exception {
    return registry.raw(
        "%s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(request, headers));
  }

  private List<String> catalog(String authorization) throws Exception {
    var names = new ArrayList<String>();
    fixture
        .get("/v2/_catalog", authorization)
        .hasStatus(200)
        .json()
        .path("repositories")
        .forEach(name -> names.add(name.asText()));
    return names;
  }
}
