package dev.referee.registry;

import static dev.referee.registry.TokenFixture.CI;
import static dev.referee.registry.TokenFixture.EVE;
import static dev.referee.registry.TokenFixture.assertInvalid;
import static dev.referee.registry.TokenFixture.basic;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long a token does: its time, its key, its caller's password and rights.
class TokenLifeIT {
  private static final String PULL_CART = "repository:shop/cart:pull";
  private static final String PUSH_CART = "repository:shop/cart:pull,push";
  private static final String CART = "/v2/shop/cart/tags/list";

  @TempDir private Path folder;
  private TokenFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new TokenFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /// CVE-2025-23208: rights that were taken away stayed with whoever was logged in.
  @DisplayName("CVE-2025-23208: grants what is granted now")
  @Test
  void grantsWhatIsGrantedNow() throws Exception {
    var ci = fixture.bearer(CI, PUSH_CART);
    var eve = fixture.bearer(EVE, "repository:eve/a:pull");
    var nobody = fixture.bearer("", "repository:public/a:pull");
    var account = fixture.bearer("Bearer " + fixture.accountToken(), PUSH_CART);
    fixture.pushBlob("shop/cart", "before", account).hasStatus(201);
    fixture.writeUsers("ci", "admin");
    Files.writeString(
        fixture.rules, "{\"users\": [{\"name\": \"ci\", \"repositories\": [\"shop/**\"]}]}");
    fixture.passTheInterval();

    // The right is gone, the user is gone, everybody's right is gone, all accounts' are.
    fixture.pushBlob("shop/cart", "x", ci).refused(403, "DENIED");
    fixture.get(CART, ci).hasStatus(200);
    assertInvalid(fixture.get("/v2/eve/a/tags/list", eve));
    fixture.get("/v2/public/a/tags/list", nobody).refused(401, "UNAUTHORIZED");
    fixture.get("/v2/", nobody).refused(401, "UNAUTHORIZED");
    assertInvalid(fixture.get(CART, account));
    fixture.ask("", "repository:public/a:pull").refused(401, "UNAUTHORIZED");
  }

  @Test
  void endsWithThePasswordThatItWasGivenFor() throws Exception {
    var token = fixture.bearer(CI, PUSH_CART);
    Files.writeString(fixture.users, "ci:" + TokenFixture.hash("another"));
    fixture.passTheInterval();

    assertInvalid(fixture.get(CART, token));
    fixture.ask(CI, PULL_CART).refused(401, "UNAUTHORIZED");
    fixture
        .get(CART, fixture.bearer(basic("ci", "another"), PULL_CART))
        .refused(404, "NAME_UNKNOWN");
  }

  @Test
  void endsInFiveMinutes() throws Exception {
    var token = fixture.bearer(CI, PULL_CART);
    fixture.clock.advance(Duration.ofSeconds(299));
    fixture.get(CART, token).refused(404, "NAME_UNKNOWN");
    fixture.clock.advance(Duration.ofSeconds(1));

    var answer = assertInvalid(fixture.get(CART, token));

    assertThat(answer.header("WWW-Authenticate"))
        .isEqualTo(
            fixture.challenge(",scope=\"repository:shop/cart:pull\",error=\"invalid_token\""));
    // Also where it would not be needed.
    assertInvalid(fixture.get("/v2/public/a/tags/list", token));
  }

  @Test
  void rotatesKeysWithoutRefusingAnybody() throws Exception {
    var old = fixture.bearer(CI, PULL_CART);
    try (var replica = fixture.start("replica", null)) {
      Files.writeString(fixture.keys, TokenFixture.secret(2) + TokenFixture.secret(1));
      fixture.passTheInterval();
      var fresh = fixture.bearer(CI, PULL_CART);
      for (var token : List.of(old, fresh)) {
        fixture.get(CART, token).refused(404, "NAME_UNKNOWN");
        replica.get(CART, "Authorization", token).refused(404, "NAME_UNKNOWN");
      }
      Files.writeString(fixture.keys, TokenFixture.secret(2));
      fixture.passTheInterval();

      assertInvalid(fixture.get(CART, old));
      fixture.get(CART, fresh).refused(404, "NAME_UNKNOWN");
    }
  }

  /// A registry with another key is another registry.
  @Test
  void takesNoTokenOfAnotherRegistry() throws Exception {
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    try (var other = new TokenFixture(elsewhere)) {
      Files.writeString(other.keys, TokenFixture.secret(9));
      other.passTheInterval();

      assertInvalid(fixture.get(CART, other.bearer(CI, PULL_CART)));
    }
  }
}
