package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.registry.access.TokenException.Reason;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RegistryTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TokenHolder CI = new TokenHolder("user:ci", "mark", null);
  private static final TokenScopes PULL = TokenScopes.parse(List.of("repository:shop/cart:pull"));

  private final MovingClock clock = new MovingClock();
  private final byte[] secret = Base64.getDecoder().decode(TokenKeysTest.secret(7));
  private TokenKeys keys;
  private RegistryTokens tokens;

  @BeforeEach
  void open() throws Exception {
    keys = TokenKeys.parse(TokenKeysTest.secret(7).getBytes(UTF_8));
    tokens = new RegistryTokens(() -> keys, clock);
  }

  private IssuedToken issue() {
    return tokens.issue(CI, PULL, Instant.MAX);
  }

  @Test
  void issuesWhatItVerifies() throws Exception {
    var issued = issue();

    assertThat(tokens.isOurs(issued.value())).isTrue();
    var claims = tokens.verify(issued.value());
    assertThat(claims.holder()).isEqualTo(CI);
    assertThat(claims.scopes()).isEqualTo(PULL);
    assertThat(issued.lifetime()).isEqualTo(Duration.ofMinutes(5));
    assertThat(issued.issued()).isEqualTo(clock.instant());
    assertThat(issued.toString()).doesNotContain(issued.value());
    var bound = new TokenHolder("certificate:dns:a.example.com", null, "thumbprint");
    assertThat(tokens.verify(tokens.issue(bound, PULL, Instant.MAX).value()).holder())
        .isEqualTo(bound);
  }

  /// The form that clients and people look into.
  @Test
  void writesTheClaimsOfDistribution() throws Exception {
    var token = issue().value();

    var header = part(token, 0);
    assertThat(header.path("alg").asText()).isEqualTo("HS256");
    assertThat(header.path("typ").asText()).isEqualTo("JWT");
    assertThat(header.path("kid").asText()).isEqualTo(keys.signing().id());
    var claims = part(token, 1);
    long now = clock.instant().getEpochSecond();
    assertThat(claims.path("iss").asText()).isEqualTo("referee");
    assertThat(claims.path("aud").asText()).isEqualTo("referee");
    assertThat(claims.path("sub").asText()).isEqualTo("user:ci");
    assertThat(claims.path("iat").asLong()).isEqualTo(now);
    assertThat(claims.path("nbf").asLong()).isEqualTo(now);
    assertThat(claims.path("exp").asLong()).isEqualTo(now + 300);
    assertThat(claims.path("jti").asText()).hasSize(22);
    assertThat(part(issue().value(), 1).path("jti")).isNotEqualTo(claims.path("jti"));
    assertThat(claims.path("access").toString())
        .isEqualTo("[{\"type\":\"repository\",\"name\":\"shop/cart\",\"actions\":[\"pull\"]}]");
  }

  /// What another implementation of the standard makes of the same secret.
  @Test
  void signsAsTheStandardSays() throws Exception {
    var token = issue().value();
    int dot = token.lastIndexOf('.');

    assertThat(token.substring(dot + 1)).isEqualTo(hmac(token.substring(0, dot)));
    assertThat(tokens.verify(forged(_ -> {}, _ -> {})).holder()).isEqualTo(CI);
  }

  @Test
  void outlivesNothingThatItWasGivenFor() throws Exception {
    var soon = clock.instant().plusSeconds(90);

    var issued = tokens.issue(CI, PULL, soon);

    assertThat(issued.lifetime()).isEqualTo(Duration.ofSeconds(90));
    clock.advance(Duration.ofSeconds(89));
    assertThat(tokens.verify(issued.value()).holder()).isEqualTo(CI);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(issued.value(), Reason.EXPIRED);
  }

  @Test
  void endsAfterFiveMinutes() throws Exception {
    var token = issue().value();

    clock.advance(Duration.ofSeconds(299));
    assertThat(tokens.verify(token).holder()).isEqualTo(CI);
    // What was read of it is remembered, and what was proven is not.
    assertRefused(token + "A", Reason.SIGNATURE_INVALID);
    assertThat(tokens.verify(token).holder()).isEqualTo(CI);
    clock.advance(Duration.ofSeconds(1));
    assertRefused(token, Reason.EXPIRED);
  }

  @Test
  void waitsForItsTimeWithinTheSkewOfTwoClocks() throws Exception {
    var now = clock.instant().getEpochSecond();

    assertThat(tokens.verify(changed(claims -> claims.put("nbf", now + 60))).holder())
        .isEqualTo(CI);
    assertRefused(changed(claims -> claims.put("nbf", now + 61)), Reason.NOT_YET_VALID);
    assertRefused(changed(claims -> claims.put("iat", now + 61)), Reason.NOT_YET_VALID);
  }

  @Test
  void refusesAKeyThatWasRotatedOut() throws Exception {
    var token = issue().value();
    keys =
        TokenKeys.parse((TokenKeysTest.secret(8) + "\n" + TokenKeysTest.secret(7)).getBytes(UTF_8));
    assertThat(tokens.verify(token).holder()).isEqualTo(CI);
    assertThat(part(issue().value(), 0).path("kid").asText()).isEqualTo(keys.signing().id());

    keys = TokenKeys.parse(TokenKeysTest.secret(8).getBytes(UTF_8));

    assertThat(tokens.isOurs(token)).isFalse();
    assertRefused(token, Reason.KEY_UNKNOWN);
  }

  /// CVE-2025-24976: a token brings its own key, or says how it wants to be verified.
  @DisplayName("CVE-2025-24976: takes no header but its own")
  @Test
  void takesNoHeaderButItsOwn() throws Exception {
    for (Consumer<ObjectNode> change :
        List.<Consumer<ObjectNode>>of(
            header -> header.put("alg", "none"),
            header -> header.put("alg", "RS256"),
            header -> header.put("alg", "hs256"),
            header -> header.put("typ", "at+jwt"),
            header -> header.remove("typ"),
            header -> header.put("kid", "other"),
            header -> header.remove("kid"),
            header -> header.putArray("crit").add("exp"),
            header -> header.put("jku", "https://evil.example.com/keys"),
            header -> header.putObject("jwk").put("kty", "oct").put("k", "AAAA"),
            header -> header.putArray("x5c").add("AAAA"))) {
      var token = forged(change, _ -> {});
      assertThat(tokens.isOurs(token)).isFalse();
      assertRefused(token, Reason.KEY_UNKNOWN);
    }
    var token = issue().value();
    assertRefused(token.substring(0, token.lastIndexOf('.') + 1), Reason.SIGNATURE_INVALID);
  }

  @Test
  void refusesAChangedToken() throws Exception {
    var token = issue().value();
    int dot = token.lastIndexOf('.');
    for (var wrong :
        List.of(
            token + "A",
            token + "=",
            token.substring(0, token.length() - 1),
            token.substring(0, dot - 1) + token.substring(dot),
            token.substring(0, dot) + "." + hmac("other"),
            token + "." + token.substring(dot + 1))) {
      assertRefused(wrong, Reason.SIGNATURE_INVALID);
    }
    // Another spelling of the same bits is another token.
    char last = token.charAt(token.length() - 1);
    assertRefused(
        token.substring(0, token.length() - 1) + (char) (last + 1), Reason.SIGNATURE_INVALID);
    assertRefused(token.substring(0, dot), Reason.MALFORMED);
    assertRefused(token.substring(0, token.indexOf('.') + 1), Reason.MALFORMED);
    assertRefused(token.substring(0, dot) + "A".repeat(20_000), Reason.MALFORMED);
  }

  /// Whoever has the key for something else does not speak for us by accident.
  @Test
  void refusesWhatTheKeySignedForOthers() throws Exception {
    assertRefused(changed(claims -> claims.put("iss", "other")), Reason.ISSUER_UNKNOWN);
    assertRefused(changed(claims -> claims.remove("iss")), Reason.ISSUER_UNKNOWN);
    assertRefused(changed(claims -> claims.put("aud", "other")), Reason.AUDIENCE_OTHER);
    assertRefused(changed(claims -> claims.remove("aud")), Reason.AUDIENCE_OTHER);
    for (var needed : List.of("sub", "exp", "iat", "nbf")) {
      assertRefused(changed(claims -> claims.remove(needed)), Reason.MALFORMED);
    }
    assertRefused(changed(claims -> claims.put("exp", "tomorrow")), Reason.MALFORMED);
    assertRefused(changed(claims -> claims.put("access", "all")), Reason.MALFORMED);
    assertRefused(changed(claims -> claims.putObject("cnf").put("jkt", "x")), Reason.MALFORMED);
    assertRefused(keys.signing().sign("no claims"), Reason.MALFORMED);
    // What a later version adds.
    assertThat(tokens.verify(changed(claims -> claims.put("later", true))).holder()).isEqualTo(CI);
  }

  private String changed(Consumer<ObjectNode> change) throws Exception {
    return forged(_ -> {}, change);
  }

  /// A token by the right secret, with a changed header and changed claims.
  private String forged(Consumer<ObjectNode> changeHeader, Consumer<ObjectNode> changeClaims)
      throws Exception {
    var token = issue().value();
    var header = part(token, 0);
    changeHeader.accept(header);
    var claims = part(token, 1);
    changeClaims.accept(claims);
    var signed = TestIssuer.unsigned(header, claims.toString());
    return signed + "." + hmac(signed);
  }

  private String hmac(String signed) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return TestIssuer.base64(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static ObjectNode part(String token, int index) throws Exception {
    return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
  }

  private void assertRefused(String token, Reason reason) {
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOfSatisfying(
            TokenException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
