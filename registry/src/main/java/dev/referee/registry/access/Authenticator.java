package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds callers by one state of the files that say who they may be.
final class Authenticator implements Access {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

  private final AccessRules rules;
  private final InstantSource clock;
  private final PasswordCheck passwords;
  private final @Nullable ServiceAccountTokens tokens;

  Authenticator(
      AccessRules rules, Htpasswd users, @Nullable SigningKeys keys, InstantSource clock) {
    this.rules = requireNonNull(rules, "rules is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.passwords = new PasswordCheck(users, clock);
    var accounts = rules.serviceAccounts();
    this.tokens =
        accounts == null || keys == null ? null : new ServiceAccountTokens(accounts, keys, clock);
  }

  @Override
  public Caller caller(Presented presented) throws RegistryException {
    return switch (Credentials.parse(presented.authorization())) {
      // What is said in a request is said on purpose, and goes before what a connection shows.
      case Credentials.None _ -> connected(presented.certificate());
      case Credentials.Bearer bearer -> account(bearer.token());
      case Credentials.Basic basic ->
          tokens != null && ServiceAccountTokens.looksLikeToken(basic.password())
              ? account(basic.password())
              : user(basic, presented.address());
      case null -> throw refused();
    };
  }

  private Caller connected(@Nullable X509Certificate certificate) throws RegistryException {
    if (certificate == null) {
      return Caller.anonymous(rules.anonymous());
    }
    try {
      // It was in force when the connection began, which may be long ago.
      certificate.checkValidity(Date.from(clock.instant()));
      var names = CertificateNames.of(certificate);
      return Caller.certificate(names, rules.ofCertificate(names));
    } catch (CertificateException e) {
      LOG.debug("a certificate was refused: {}", e.toString());
      throw new RegistryException(
          ErrorCode.UNAUTHORIZED, "the client's certificate does not hold any more");
    }
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
