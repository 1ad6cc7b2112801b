package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.registry.access.TokenException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
  private static final TestIssuer RSA = TestIssuer.rs256("rsa-1");
  private static final TestIssuer EC = TestIssuer.es256("ec-1");
  private static final TestIssuer STRANGER = TestIssuer.rs256("rsa-1");

  private final MovingClock clock = new MovingClock();
  private final ServiceAccountTokens tokens =
      new ServiceAccountTokens(
          new ServiceAccountRules(
              TestIssuer.NAME,
              Set.of("other-audience", TestIssuer.AUDIENCE),
              "/keys",
              null,
              null,
              List.of()),
          JsonWebKeys.parse(TestIssuer.jwks(RSA, EC))::find,
          clock);

  @Test
  void acceptsWhatTheIssuerSigned() throws Exception {
    var builder = new ServiceAccount("shop", "builder");
    var now = clock.instant();

    var proven = tokens.verify(RSA.token("shop", "builder", now));
    assertThat(proven.account()).isEqualTo(builder);
    assertThat(proven.until()).isEqualTo(now.plusSeconds(3600).plus(ServiceAccountTokens.SKEW));
    assertThat(tokens.verify(EC.token("shop", "builder", now)).account()).isEqualTo(builder);
    assertThat(
            tokens
                .verify(RSA.token(now, claims -> claims.put("aud", TestIssuer.AUDIENCE)))
                .account())
        .isEqualTo(builder);
    assertThat(
            tokens
                .verify(
                    RSA.token(now, claims -> claims.putArray("aud").add("x").add("other-audience")))
                .account())
        .isEqualTo(builder);
  }

  @Test
  void refusesAnotherKeyUnderTheSameId() throws Exception {
    assertRefused(STRANGER.token("shop", "builder", clock.instant()), Reason.SIGNATURE_INVALID);
  }

  @Test
  void refusesAnUnknownKey() throws Exception {
    assertRefused(
        TestIssuer.rs256("rsa-2").token("shop", "builder", clock.instant()), Reason.KEY_UNKNOWN);
  }

  /// The oldest of all forgeries: nothing signed it.
  @Test
  void refusesTheAlgorithmNone() {
    var claims = TestIssuer.claims("shop", "builder", clock.instant()).toString();
    for (var none : new String[] {"none", "None", "NONE", ""}) {
      var unsigned = TestIssuer.unsigned(RSA.header().put("alg", none), claims);
      assertRefused(unsigned + ".", Reason.MALFORMED);
      assertRefused(unsigned + ".AAAA", Reason.ALGORITHM_REFUSED);
    }
  }

  /// A public key taken for the secret of an HMAC.
  @Test
  void refusesAlgorithmsOfOtherKinds() throws Exception {
    var claims = TestIssuer.claims("shop", "builder", clock.instant()).toString();
    var signed = TestIssuer.unsigned(RSA.header().put("alg", "HS256"), claims);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(RSA.keys().getPublic().getEncoded(), "HmacSHA256"));
    var forged = signed + "." + TestIssuer.base64(mac.doFinal(signed.getBytes(UTF_8)));

    assertRefused(forged, Reason.ALGORITHM_REFUSED);
    assertRefused(EC.sign(RSA.header().put("alg", "ES256"), claims), Reason.ALGORITHM_REFUSED);
    assertRefused(RSA.sign(EC.header().put("alg", "RS256"), claims), Reason.ALGORITHM_REFUSED);
    assertRefused(RSA.sign(RSA.header().put("alg", "RS384"), claims), Reason.ALGORITHM_REFUSED);
    assertRefused(RSA.sign(RSA.header().put("alg", "PS256"), claims), Reason.ALGORITHM_REFUSED);
  }

  /// CVE-2025-24976: a key that the token itself brings along.
  @DisplayName("CVE-2025-24976: looks at no key of the token")
  @Test
  void looksAtNoKeyOfTheToken() throws Exception {
    var claims = TestIssuer.claims("shop", "builder", clock.instant()).toString();
    var header = STRANGER.header();
    header.set(
        "jwk",
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree(TestIssuer.jwks(STRANGER))
            .path("keys")
            .get(0));
    header.put("jku", "https://evil.example.com/keys");

    assertRefused(STRANGER.sign(header, claims), Reason.SIGNATURE_INVALID);
    assertRefused(RSA.sign(crit(RSA.header()), claims), Reason.ALGORITHM_REFUSED);
  }

  @Test
  void refusesASignatureOfOtherClaims() throws Exception {
    var now = clock.instant();
    var mine = RSA.token("shop", "builder", now).split("\\.", -1);
    var better = RSA.token("kube-system", "admin", now).split("\\.", -1);

    assertRefused(mine[0] + "." + better[1] + "." + mine[2], Reason.SIGNATURE_INVALID);
    assertRefused(mine[0] + "." + mine[1] + "." + better[2], Reason.SIGNATURE_INVALID);
    // An ECDSA signature of zeros verified once (CVE-2022-21449).
    var zeros = EC.token("shop", "builder", now);
    assertRefused(
        zeros.substring(0, zeros.lastIndexOf('.') + 1) + TestIssuer.base64(new byte[64]),
        Reason.SIGNATURE_INVALID);
  }

  @Test
  void refusesWhatIsNotMeantForUs() throws Exception {
    assertClaims(claims -> claims.put("iss", "https://evil"), Reason.ISSUER_UNKNOWN);
    assertClaims(claims -> claims.remove("iss"), Reason.ISSUER_UNKNOWN);
    assertClaims(claims -> claims.putArray("aud").add("https://api"), Reason.AUDIENCE_OTHER);
    assertClaims(claims -> claims.putArray("aud"), Reason.AUDIENCE_OTHER);
    assertClaims(claims -> claims.remove("aud"), Reason.AUDIENCE_OTHER);
    assertClaims(claims -> claims.put("aud", 1), Reason.AUDIENCE_OTHER);
  }

  @Test
  void refusesWhatIsNotOfThisTime() throws Exception {
    var now = clock.instant().getEpochSecond();
    assertClaims(claims -> claims.put("exp", now - 60), Reason.EXPIRED);
    assertClaims(claims -> claims.put("nbf", now + 61), Reason.NOT_YET_VALID);
    assertClaims(claims -> claims.put("iat", now + 61), Reason.NOT_YET_VALID);
    assertClaims(claims -> claims.remove("exp"), Reason.MALFORMED);
    assertClaims(claims -> claims.remove("iat"), Reason.MALFORMED);
    assertClaims(claims -> claims.put("exp", "never"), Reason.MALFORMED);

    var token = RSA.token("shop", "builder", clock.instant());
    clock.advance(Duration.ofMinutes(61));
    assertRefused(token, Reason.EXPIRED);
  }

  @Test
  void refusesWhatIsNoServiceAccounts() throws Exception {
    assertClaims(claims -> claims.put("sub", "system:admin"), Reason.NO_SERVICE_ACCOUNT);
    assertClaims(
        claims -> claims.put("sub", "system:serviceaccount:shop:admin"), Reason.NO_SERVICE_ACCOUNT);
    assertClaims(claims -> claims.remove("kubernetes.io"), Reason.NO_SERVICE_ACCOUNT);
    assertClaims(
        claims -> claims.withObject("kubernetes.io").remove("serviceaccount"),
        Reason.NO_SERVICE_ACCOUNT);
  }

  @Test
  void refusesWhatIsNoToken() throws Exception {
    var token = RSA.token("shop", "builder", clock.instant());
    assertRefused("", Reason.MALFORMED);
    assertRefused("eyJ.eyJ", Reason.MALFORMED);
    assertRefused("x" + token, Reason.MALFORMED);
    assertRefused(token + ".x", Reason.MALFORMED);
    assertRefused(token.replace('.', '='), Reason.MALFORMED);
    assertRefused(token + "A".repeat(20_000), Reason.MALFORMED);
    assertRefused(
        TestIssuer.base64("{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"rsa-1\"}".getBytes(UTF_8))
            + token.substring(token.indexOf('.')),
        Reason.MALFORMED);
  }

  private static ObjectNode crit(ObjectNode header) {
    header.putArray("crit").add("b64");
    return header.put("b64", false);
  }

  private void assertClaims(Consumer<ObjectNode> change, Reason reason) throws Exception {
    assertRefused(RSA.token(clock.instant(), change), reason);
  }

  private void assertRefused(String token, Reason reason) {
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOfSatisfying(
            TokenException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
