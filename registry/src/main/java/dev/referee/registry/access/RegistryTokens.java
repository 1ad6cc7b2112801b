package dev.referee.registry.access;

import static dev.referee.registry.access.TokenException.Reason.AUDIENCE_OTHER;
import static dev.referee.registry.access.TokenException.Reason.EXPIRED;
import static dev.referee.registry.access.TokenException.Reason.ISSUER_UNKNOWN;
import static dev.referee.registry.access.TokenException.Reason.KEY_UNKNOWN;
import static dev.referee.registry.access.TokenException.Reason.MALFORMED;
import static dev.referee.registry.access.TokenException.Reason.NOT_YET_VALID;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.Supplier;

/// Signs and verifies tokens of our own (RFC 7519, with the claims of distribution's "Token
/// Authentication Implementation"). They say who somebody is and what at most is meant, and never
/// what was granted.
final class RegistryTokens {
  /// Who issues and takes them. Registries that must not take each other's have other keys.
  static final String SERVICE = "referee";

  /// Short, since most clients fetch one for each push and pull.
  static final Duration LIFETIME = Duration.ofMinutes(5);

  /// How far the clocks of two replicas may be apart.
  static final Duration SKEW = Duration.ofSeconds(60);

  /// Longer than any header.
  private static final int MAX_CHARS = 16 << 10;

  private static final String PASSWORD_MARK = "password_mark";
  private static final int ID_BYTES = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// As many callers with a few repositories each as come within the life of a token.
  private static final int MAX_REMEMBERED = 2000;

  private final Supplier<TokenKeys> keys;
  private final InstantSource clock;
  // What was read of a token, for the next request with it: reading takes longer than proving, and
  // a client sends one token many times. Each of them is proven.
  private final Cache<String, Claims> read =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(LIFETIME).build();
  private final SecureRandom random = new SecureRandom();

  RegistryTokens(Supplier<TokenKeys> keys, InstantSource clock) {
    this.keys = requireNonNull(keys, "keys is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// What a token says, once it is proven.
  ///
  /// @param from when it begins, in seconds of the epoch
  /// @param end when it has ended
  record Claims(TokenHolder holder, TokenScopes scopes, long from, long end) {
    Claims {
      requireNonNull(holder, "holder is null");
      requireNonNull(scopes, "scopes is null");
    }
  }

  /// Whether a token says that it is one of these. Those of service accounts never do.
  boolean isOurs(String token) {
    return keys.get().of(token) != null;
  }

  /// Issues a token.
  ///
  /// @param until when what its holder showed ends, if that is sooner than a token's own end
  IssuedToken issue(TokenHolder holder, TokenScopes scopes, Instant until) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var end = now.plus(LIFETIME);
    if (until.isBefore(end)) {
      end = until;
    }
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    var claims = JSON.createObjectNode();
    claims
        .put("iss", SERVICE)
        .put("aud", SERVICE)
        .put("sub", holder.name())
        .put("iat", now.getEpochSecond())
        .put("nbf", now.getEpochSecond())
        .put("exp", end.getEpochSecond())
        .put("jti", Base64.getUrlEncoder().withoutPadding().encodeToString(id));
    if (holder.password() != null) {
      claims.put(PASSWORD_MARK, holder.password());
    }
    if (holder.certificate() != null) {
      claims.putObject("cnf").put("x5t#S256", holder.certificate());
    }
    scopes.write(claims.putArray("access"));
    return new IssuedToken(
        keys.get().signing().sign(claims.toString()), now, Duration.between(now, end));
  }

  /// Proves that a token was issued by whoever has one of the keys, and that its time is now.
  ///
  /// @throws TokenException with the first reason that holds
  Claims verify(String token) throws TokenException {
    var key = keys.get().of(token);
    if (token.length() > MAX_CHARS) {
      throw new TokenException(MALFORMED, "it is too long");
    }
    if (key == null) {
      throw new TokenException(KEY_UNKNOWN, "its header is none of our keys'");
    }
    key.check(token);
    // Read only when it is proven that we wrote it.
    var claims = read.getIfPresent(token);
    if (claims == null) {
      claims = read(key, token);
      read.put(token, claims);
    }
    checkTimes(claims);
    return claims;
  }

  private static Claims read(TokenKey key, String token) throws TokenException {
    try {
      var fields = StrictJson.readObject(key.claims(token), MAX_CHARS);
      checkIssuer(fields);
      return new Claims(
          holder(fields),
          TokenScopes.read(fields.objects("access")),
          Math.max(fields.wholeNumber("nbf"), fields.wholeNumber("iat")),
          fields.wholeNumber("exp"));
    } catch (MalformedContentException | IllegalArgumentException e) {
      throw new TokenException(MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /// A key may have been given to somebody else, too.
  private static void checkIssuer(JsonFields claims) throws TokenException {
    if (!SERVICE.equals(claims.optionalText("iss"))) {
      throw new TokenException(ISSUER_UNKNOWN, "it is another issuer's");
    }
    if (!SERVICE.equals(claims.optionalText("aud"))) {
      throw new TokenException(AUDIENCE_OTHER, "it is meant for somebody else");
    }
  }

  private void checkTimes(Claims claims) throws TokenException {
    long now = clock.instant().getEpochSecond();
    if (now >= claims.end()) {
      throw new TokenException(EXPIRED, "it has expired");
    }
    if (claims.from() > now + SKEW.toSeconds()) {
      throw new TokenException(NOT_YET_VALID, "its time has not come");
    }
  }

  private static TokenHolder holder(JsonFields claims) {
    var confirmation = claims.optionalObject("cnf");
    return new TokenHolder(
        claims.text("sub"),
        claims.optionalText(PASSWORD_MARK),
        confirmation == null ? null : confirmation.text("x5t#S256"));
  }
}
