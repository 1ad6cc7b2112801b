package dev.referee.registry.access;

import static dev.referee.registry.access.TokenException.Reason.ALGORITHM_REFUSED;
import static dev.referee.registry.access.TokenException.Reason.AUDIENCE_OTHER;
import static dev.referee.registry.access.TokenException.Reason.EXPIRED;
import static dev.referee.registry.access.TokenException.Reason.ISSUER_UNKNOWN;
import static dev.referee.registry.access.TokenException.Reason.KEY_UNKNOWN;
import static dev.referee.registry.access.TokenException.Reason.MALFORMED;
import static dev.referee.registry.access.TokenException.Reason.NOT_YET_VALID;
import static dev.referee.registry.access.TokenException.Reason.NO_SERVICE_ACCOUNT;
import static dev.referee.registry.access.TokenException.Reason.SIGNATURE_INVALID;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/// Verifies tokens of service accounts: signed JSON Web Tokens (RFC 7515, RFC 7519) that Kubernetes
/// issues for an audience and a time.
///
/// The key is chosen by its id among the issuer's, and the key says by which algorithm it verifies:
/// what the token says about either only has to agree. Keys that a token brings along (`jwk`,
/// `jku`, `x5c`) are never looked at (CVE-2025-24976).
final class ServiceAccountTokens {
  /// Kubernetes' own are below 2 KiB.
  private static final int MAX_CHARS = 16 << 10;

  /// Between the clocks of this machine and the issuer's.
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");

  private final ServiceAccountRules rules;
  private final SigningKeys keys;
  private final InstantSource clock;

  ServiceAccountTokens(ServiceAccountRules rules, SigningKeys keys, InstantSource clock) {
    this.rules = requireNonNull(rules, "rules is null");
    this.keys = requireNonNull(keys, "keys is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// Whether a password is meant to be a token: nobody's password looks like this by accident.
  static boolean looksLikeToken(String password) {
    return password.startsWith("eyJ") && FORM.matcher(password).matches();
  }

  /// Whose a token is.
  ///
  /// @param until when it is not accepted any more
  record Proven(ServiceAccount account, Instant until) {
    Proven {
      requireNonNull(account, "account is null");
      requireNonNull(until, "until is null");
    }
  }

  /// Proves whose token it is.
  ///
  /// @throws TokenException with the first reason that holds
  /// @throws IOException while the issuer's keys cannot be had
  Proven verify(String token) throws TokenException, IOException {
    var parts = FORM.matcher(token);
    if (token.length() > MAX_CHARS || !parts.matches()) {
      throw new TokenException(MALFORMED, "it has not three parts of base64url");
    }
    try {
      checkSignature(
          object(parts.group(1)),
          token.substring(0, parts.end(2)).getBytes(US_ASCII),
          decode(parts.group(3)));
      // Read only now that the issuer is proven to have written it.
      var claims = object(parts.group(2));
      checkIssuer(claims);
      checkAudience(claims);
      var until = checkTimes(claims);
      return new Proven(account(claims), until);
    } catch (MalformedContentException | IllegalArgumentException e) {
      throw new TokenException(MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void checkSignature(JsonFields header, byte[] signed, byte[] signature)
      throws TokenException, IOException {
    if (header.has("crit")) {
      throw new TokenException(ALGORITHM_REFUSED, "it has extensions that must be understood");
    }
    var named = header.text("alg");
    if (!Set.of("RS256", "ES256").contains(named)) {
      throw new TokenException(ALGORITHM_REFUSED, "its algorithm is neither RS256 nor ES256");
    }
    var key =
        keys.find(header.text("kid"))
            .orElseThrow(() -> new TokenException(KEY_UNKNOWN, "the issuer has no such key"));
    if (!key.algorithm().name().equals(named)) {
      throw new TokenException(ALGORITHM_REFUSED, "its algorithm is not its key's");
    }
    if (!key.algorithm().verifies(key.key(), signed, signature)) {
      throw new TokenException(SIGNATURE_INVALID, "its signature is not its key's");
    }
  }

  private void checkIssuer(JsonFields claims) throws TokenException {
    if (!rules.issuer().equals(claims.optionalText("iss"))) {
      throw new TokenException(ISSUER_UNKNOWN, "it is another issuer's");
    }
  }

  private void checkAudience(JsonFields claims) throws TokenException {
    var audience = claims.node().get("aud");
    boolean meant = false;
    if (audience != null && audience.isTextual()) {
      meant = rules.audiences().contains(audience.textValue());
    } else if (audience != null && audience.isArray()) {
      for (var one : audience) {
        meant |= one.isTextual() && rules.audiences().contains(one.textValue());
      }
    }
    if (!meant) {
      throw new TokenException(AUDIENCE_OTHER, "it is meant for somebody else");
    }
  }

  /// Tokens without an end, as Secrets of old clusters have them, are refused.
  private Instant checkTimes(JsonFields claims) throws TokenException {
    var now = clock.instant();
    var until = Instant.ofEpochSecond(claims.wholeNumber("exp")).plus(SKEW);
    if (!now.isBefore(until)) {
      throw new TokenException(EXPIRED, "it has expired");
    }
    var latest = now.plus(SKEW);
    boolean early = Instant.ofEpochSecond(claims.wholeNumber("iat")).isAfter(latest);
    if (claims.has("nbf")) {
      early |= Instant.ofEpochSecond(claims.wholeNumber("nbf")).isAfter(latest);
    }
    if (early) {
      throw new TokenException(NOT_YET_VALID, "its time has not come");
    }
    return until;
  }

  private static ServiceAccount account(JsonFields claims) throws TokenException {
    var kubernetes = claims.optionalObject("kubernetes.io");
    var named = kubernetes == null ? null : kubernetes.optionalObject("serviceaccount");
    if (kubernetes == null || named == null) {
      throw new TokenException(NO_SERVICE_ACCOUNT, "it names no service account");
    }
    var account = new ServiceAccount(kubernetes.text("namespace"), named.text("name"));
    if (!account.toString().equals(claims.optionalText("sub"))) {
      throw new TokenException(NO_SERVICE_ACCOUNT, "its subject is not its service account");
    }
    return account;
  }

  private static JsonFields object(String part) {
    return StrictJson.readObject(decode(part), MAX_CHARS);
  }

  private static byte[] decode(String part) {
    return Base64.getUrlDecoder().decode(part);
  }
}
