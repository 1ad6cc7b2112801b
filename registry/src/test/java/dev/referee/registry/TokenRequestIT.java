package dev.referee.registry;

import static dev.referee.registry.TokenFixture.CI;
import static dev.referee.registry.TokenFixture.basic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.registry.TestRegistry.Answer;
import dev.referee.registry.access.FileAccess;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is asked of the service of tokens, and what is no question.
class TokenRequestIT {
  private static final String SCOPE = "repository:shop/cart:pull,push";
  private static final String PASSWORD =
      "grant_type=password&service=referee&client_id=x&access_type=online&username=ci&password=";

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

  @Test
  void knowsNoTokensWhereNoneAreWanted() throws Exception {
    var access = FileAccess.open(fixture.rules, fixture.users, fixture.clock);
    try (var plain = TestRegistry.start(folder.resolve("plain"), config -> config.access(access))) {
      plain.get("/token").refused(404, "UNSUPPORTED");
      plain.get("/token", "Authorization", CI).refused(404, "UNSUPPORTED");
      assertThat(plain.get("/v2/").hasStatus(200).header("WWW-Authenticate")).startsWith("Basic ");
      plain.get("/v2/", "Authorization", fixture.bearer(CI)).refused(401, "UNAUTHORIZED");
    }
  }

  /// As a password of a request is refused, with the challenge that it answers.
  @Test
  void refusesWrongCredentials() throws Exception {
    for (var wrong :
        List.of(
            basic("ci", "wrong"),
            basic("nobody", "ci-password"),
            "Basic !",
            "Bearer x.y.z",
            "Bearer",
            "Digest username=ci")) {
      var answer = fixture.ask(wrong, SCOPE).refused(401, "UNAUTHORIZED");
      assertThat(answer.header("WWW-Authenticate"))
          .isEqualTo("Basic realm=\"referee\", charset=\"UTF-8\"");
    }
    assertThat(fixture.post(PASSWORD + "wrong").refused(401, "UNAUTHORIZED").text())
        .doesNotContain("wrong");
    registry.get("/token", "Authorization", CI, "Authorization", CI).refused(401, "UNAUTHORIZED");
  }

  @Test
  void slowsGuessersDown() throws Exception {
    for (int i = 0; i < 5; i++) {
      fixture.ask(basic("admin", "guess" + i)).refused(401, "UNAUTHORIZED");
      fixture
          .post("grant_type=password&username=admin&password=guessed" + i)
          .refused(401, "UNAUTHORIZED");
    }

    var slowed = fixture.ask(basic("admin", "guess")).refused(429, "TOOMANYREQUESTS");
    assertThat(slowed.header("Retry-After")).isNotEmpty();
    fixture.get("/v2/", basic("admin", "guess")).refused(429, "TOOMANYREQUESTS");
    fixture.ask(CI).hasStatus(200);
  }

  @Test
  void takesFormsAsOauthHasThem() throws Exception {
    for (var form :
        List.of(
            PASSWORD + "ci-password&scope=" + encoded(SCOPE),
            PASSWORD + "ci-password&scope=repository%3Aother%3Apull+" + encoded(SCOPE),
            PASSWORD + "ci-password&&scope=x&offline_token=true&scope=" + SCOPE,
            "grant_type=refresh_token&refresh_token=%s&scope=%s"
                .formatted(fixture.accountToken(), SCOPE),
            "grant_type=password&username=x&password=%s&scope=%s"
                .formatted(fixture.accountToken(), SCOPE))) {
      var token = "Bearer " + fixture.post(form).hasStatus(200).json().path("token").asText();
      fixture.pushBlob("shop/cart", "by " + form.length(), token).hasStatus(201);
    }
    registry
        .send(
            "POST",
            "/token",
            (PASSWORD + "ci-password").getBytes(UTF_8),
            "Content-Type",
            "Application/X-WWW-Form-Urlencoded; charset=utf-8")
        .hasStatus(200);
  }

  @Test
  void refusesWhatIsNoForm() throws Exception {
    for (var wrong :
        List.of(
            "",
            "service=referee",
            "grant_type=password",
            "grant_type=password&username=ci",
            "grant_type=password&username=ci&password=",
            "grant_type=password&username=ci&username=eve&password=ci-password",
            "grant_type=password&grant_type=refresh_token&username=ci&password=ci-password",
            "grant_type=refresh_token",
            "grant_type=refresh_token&refresh_token=a&refresh_token=b",
            "grant_type=password&username=%zz&password=x",
            "grant_type=password&username=%ff&password=x",
            PASSWORD + "ci-password&service=other",
            PASSWORD + "ci-password&scope=" + "x+".repeat(33))) {
      fixture.post(wrong).refused(400, "REQUEST_INVALID");
    }
    for (var type :
        List.of(
            "application/json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded-not")) {
      registry
          .send("POST", "/token", (PASSWORD + "ci-password").getBytes(UTF_8), "Content-Type", type)
          .refused(400, "REQUEST_INVALID");
    }
    registry
        .send("POST", "/token", (PASSWORD + "ci-password").getBytes(UTF_8))
        .refused(400, "REQUEST_INVALID");
    // Credentials in two places could be two callers'.
    registry
        .send(
            "POST",
            "/token",
            (PASSWORD + "ci-password").getBytes(UTF_8),
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Authorization",
            CI)
        .refused(400, "REQUEST_INVALID");
  }

  @Test
  void readsNoBodyWithoutEnd() throws Exception {
    registry
        .send(
            "POST",
            "/token",
            (PASSWORD + "x".repeat(16 << 10)).getBytes(UTF_8),
            "Content-Type",
            "application/x-www-form-urlencoded")
        .hasStatus(413);
  }

  @Test
  void saysWhichGrantsThereAre() throws Exception {
    var body = fixture.post("grant_type=client_credentials").refused(400, "REQUEST_INVALID").json();

    assertThat(body.path("error").asText()).isEqualTo("unsupported_grant_type");
    assertThat(body.path("error_description").asText()).contains("refresh_token");
  }

  @Test
  void isAskedByGetAndPost() throws Exception {
    for (var method : List.of("PUT", "DELETE", "HEAD")) {
      var answer = fixture.send(method, "/token", CI).hasStatus(405);
      assertThat(answer.header("Allow")).isEqualTo("GET, POST");
    }
  }

  @Test
  void givesNothingForOtherServices() throws Exception {
    registry.get("/token?service=other", "Authorization", CI).refused(400, "REQUEST_INVALID");
    registry
        .get("/token?service=referee&service=other", "Authorization", CI)
        .refused(400, "REQUEST_INVALID");
    registry
        .get("/token?account=ci&client_id=docker&offline_token=true", "Authorization", CI)
        .hasStatus(200);
  }

  @Test
  void boundsWhatIsAskedFor() throws Exception {
    var most =
        IntStream.range(0, 32)
            .mapToObj(i -> "repository:shop/a%d:pull".formatted(i))
            .toArray(String[]::new);
    var token = fixture.bearer(CI, most);
    fixture.get("/v2/shop/a31/tags/list", token).refused(404, "NAME_UNKNOWN");
    fixture.ask(CI, String.join(" ", most) + " " + SCOPE).refused(400, "REQUEST_INVALID");
    var longNames =
        IntStream.range(0, 20)
            .mapToObj(i -> "repository:shop/%s%d:pull".formatted("a".repeat(240), i))
            .collect(Collectors.joining(" "));
    fixture.ask(CI, longNames).refused(400, "REQUEST_INVALID");
  }

  /// A token that gets tokens would never end.
  @Test
  void givesNoTokenForAToken() throws Exception {
    var token = fixture.bearer(CI, SCOPE);
    fixture.ask(token, SCOPE).refused(401, "UNAUTHORIZED");
    var value = token.substring("Bearer ".length());
    fixture.ask(basic("ci", value), SCOPE).refused(401, "UNAUTHORIZED");
    fixture.post("grant_type=refresh_token&refresh_token=" + value).refused(401, "UNAUTHORIZED");
    // Nor is it a password.
    fixture.get("/v2/", basic("ci", value)).refused(401, "UNAUTHORIZED");
  }

  /// CVE-2025-24976 and its kind: a token says by which key it wants to be verified.
  @DisplayName("CVE-2025-24976: no token chooses how it is verified")
  @Test
  void takesNoTokenForAnother() throws Exception {
    var own = fixture.bearer(CI, SCOPE).substring("Bearer ".length());
    var account = fixture.accountToken();
    var ownParts = own.split("\\.", -1);
    var accountParts = account.split("\\.", -1);
    for (var wrong :
        List.of(
            // No algorithm, with and without what was a signature.
            header("{\"alg\":\"none\"}") + "." + ownParts[1] + ".",
            header("{\"alg\":\"none\"}") + "." + ownParts[1] + "." + ownParts[2],
            // The claims of one under the header of the other.
            accountParts[0] + "." + ownParts[1] + "." + accountParts[2],
            ownParts[0] + "." + accountParts[1] + "." + ownParts[2],
            ownParts[0] + "." + accountParts[1] + "." + accountParts[2],
            // Of a service account, and yet by HS256.
            header("{\"alg\":\"HS256\",\"kid\":\"key-1\"}")
                + "."
                + accountParts[1]
                + "."
                + accountParts[2],
            header("{\"alg\":\"RS256\",\"kid\":\"unknown\"}")
                + "."
                + ownParts[1]
                + "."
                + ownParts[2],
            // By the issuer's own key, but in the words of ours.
            signedByTheIssuer(ownParts[1]),
            // The parts that there are not.
            ownParts[0] + ".",
            ownParts[0] + ".." + ownParts[2],
            ownParts[0] + "." + ownParts[1])) {
      var answer = fixture.get("/v2/shop/cart/tags/list", "Bearer " + wrong);
      assertThat(answer.refused(401, "UNAUTHORIZED").header("WWW-Authenticate"))
          .endsWith(",error=\"invalid_token\"");
      fixture.ask("Bearer " + wrong, SCOPE).refused(401, "UNAUTHORIZED");
    }
  }

  private String signedByTheIssuer(String claims) throws Exception {
    return fixture.issuer.token(new String(Base64.getUrlDecoder().decode(claims), UTF_8));
  }

  private static String header(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }

  @Test
  void countsItsRequestsByTheirOwnName() throws Exception {
    fixture.bearer(CI, SCOPE);
    Answer metrics = registry.get("/metrics");

    assertThat(metrics.text())
        .contains(
            "referee_registry_requests_seconds_count{method=\"GET\",route=\"token\",status=\"200\"}");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
