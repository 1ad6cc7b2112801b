package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds callers by one state of the files that say who they may be.
final class Authenticator implements Access {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

  private final AccessRules rules;
  private final PasswordCheck passwords;
  private final @Nullable ServiceAccountTokens tokens;

  Authenticator(
      AccessRules rules, Htpasswd users, @Nullable SigningKeys keys, InstantSource clock) {
    this.rules = requireNonNull(rules, "rules is null");
    this.passwords = new PasswordCheck(users, clock);
    var accounts = rules.serviceAccounts();
    this.tokens =
        accounts == null || keys == null ? null : new ServiceAccountTokens(accounts, keys, clock);
  }

  @Override
  public Caller caller(List<String> authorization, InetAddress address) throws RegistryException {
    return switch (Credentials.parse(authorization)) {
      case Credentials.None _ -> Caller.anonymous(rules.anonymous());
      case Credentials.Bearer bearer -> account(bearer.token());
      case Credentials.Basic basic ->
          tokens != null && ServiceAccountTokens.looksLikeToken(basic.password())
              ? account(basic.password())
              : user(basic, address);
      case null -> throw refused();
    };
  }

  private Caller user(Credentials.Basic basic, InetAddress address) throws RegistryException {
    if (!passwords.isRight(basic.user(), basic.password(), address)) {
      throw refused();
    }
    return Caller.user(basic.user(), rules.ofUser(basic.user()));
  }

  private Caller account(String token) throws RegistryException {
    var accounts = rules.serviceAccounts();
    if (tokens == null || accounts == null) {
      throw refused();
    }
    try {
      return accounts.caller(tokens.verify(token));
    } catch (TokenException e) {
      LOG.debug("a token was refused: {}: {}", e.reason(), e.getMessage());
      throw refused();
    } catch (IOException e) {
      LOG.warn("a token could not be verified: {}", e.toString());
      throw new RegistryException(
          ErrorCode.UNAVAILABLE, "the token cannot be verified for now; try again");
    }
  }

  private static RegistryException refused() {
    return new RegistryException(ErrorCode.UNAUTHORIZED, "the credentials do not hold");
  }
}
