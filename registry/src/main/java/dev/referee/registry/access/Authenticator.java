package dev.referee.registry.access;

import static dev.referee.registry.access.TokenException.Reason.HOLDER_GONE;
import static dev.referee.registry.access.TokenException.Reason.OTHER_CONNECTION;
import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.TokenFault;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
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
  private final Htpasswd users;
  private final PasswordCheck passwords;
  private final @Nullable ServiceAccountTokens accountTokens;
  private final @Nullable RegistryTokens ownTokens;

  /// @param keys of the issuer of service accounts' tokens; null where there is none
  /// @param ownTokens tokens of our own; null where none are given
  Authenticator(
      AccessRules rules,
      Htpasswd users,
      @Nullable SigningKeys keys,
      @Nullable RegistryTokens ownTokens,
      InstantSource clock) {
    this.rules = requireNonNull(rules, "rules is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.users = requireNonNull(users, "users is null");
    this.passwords = new PasswordCheck(users, clock);
    var accounts = rules.serviceAccounts();
    this.accountTokens =
        accounts == null || keys == null ? null : new ServiceAccountTokens(accounts, keys, clock);
    this.ownTokens = ownTokens;
  }

  @Override
  public Caller caller(Presented presented) throws RegistryException {
    var credentials = Credentials.parse(presented.authorization());
    return ownTokens != null
            && credentials instanceof Credentials.Bearer(var token)
            && ownTokens.isOurs(token)
        ? byToken(ownTokens, token, presented.certificate())
        : identify(credentials, presented).caller();
  }

  /// Who somebody is who shows anything but a token of our own.
  ///
  /// @param credentials null for what cannot be read
  Identity identify(@Nullable Credentials credentials, Presented presented)
      throws RegistryException {
    return switch (credentials) {
      // What is said in a request is said on purpose, and goes before what a connection shows.
      case Credentials.None _ -> connected(presented.certificate());
      case Credentials.Bearer bearer -> account(bearer.token());
      case Credentials.Basic basic ->
          accountTokens != null && ServiceAccountTokens.looksLikeToken(basic.password())
              ? account(basic.password())
              : user(basic, presented.address());
      case null -> throw refused();
    };
  }

  private Identity connected(@Nullable X509Certificate certificate) throws RegistryException {
    if (certificate == null) {
      return Identity.of(Caller.anonymous(rules.anonymous()));
    }
    try {
      // It was in force when the connection began, which may be long ago.
      certificate.checkValidity(Date.from(clock.instant()));
      var names = CertificateNames.of(certificate);
      return new Identity(
          Caller.certificate(names, rules.ofCertificate(names)),
          null,
          certificate,
          certificate.getNotAfter().toInstant());
    } catch (CertificateException e) {
      LOG.debug("a certificate was refused: {}", e.toString());
      throw new RegistryException(
          ErrorCode.UNAUTHORIZED, "the client's certificate does not hold any more");
    }
  }

  private Identity user(Credentials.Basic basic, InetAddress address) throws RegistryException {
    if (!passwords.isRight(basic.user(), basic.password(), address)) {
      throw refused();
    }
    return new Identity(
        Caller.user(basic.user(), rules.ofUser(basic.user())),
        users.mark(basic.user()),
        null,
        Instant.MAX);
  }

  private Identity account(String token) throws RegistryException {
    var accounts = rules.serviceAccounts();
    if (accountTokens == null || accounts == null) {
      throw refusedToken();
    }
    try {
      var proven = accountTokens.verify(token);
      return new Identity(accounts.caller(proven.account()), null, null, proven.until());
    } catch (TokenException e) {
      LOG.debug("a token was refused: {}: {}", e.reason(), e.getMessage());
      throw refusedToken();
    } catch (IOException e) {
      LOG.warn("a token could not be verified: {}", e.toString());
      throw new RegistryException(
          ErrorCode.UNAVAILABLE, "the token cannot be verified for now; try again");
    }
  }

  /// Who sends a token of our own. It only says who that is: whether there is such a caller, and
  /// what was granted, is looked up here and now (CVE-2025-23208).
  private Caller byToken(RegistryTokens tokens, String token, @Nullable X509Certificate certificate)
      throws RegistryException {
    try {
      var claims = tokens.verify(token);
      return holder(claims.holder(), certificate).within(claims.scopes());
    } catch (TokenException e) {
      LOG.debug("a token was refused: {}: {}", e.reason(), e.getMessage());
      throw refusedToken();
    }
  }

  private Caller holder(TokenHolder holder, @Nullable X509Certificate certificate)
      throws TokenException, RegistryException {
    var name = holder.name();
    if (name.equals(Caller.ANONYMOUS)) {
      return Caller.anonymous(rules.anonymous());
    }
    if (name.startsWith(Caller.USER)) {
      var user = name.substring(Caller.USER.length());
      var mark = users.mark(user);
      if (mark == null || !mark.equals(holder.password())) {
        throw new TokenException(HOLDER_GONE, "its user is none any more, or has a new password");
      }
      return Caller.user(user, rules.ofUser(user));
    }
    if (name.startsWith(Caller.CERTIFICATE)) {
      return certified(holder, certificate);
    }
    var accounts = rules.serviceAccounts();
    var account = ServiceAccount.parse(name);
    if (accounts == null || account == null) {
      throw new TokenException(HOLDER_GONE, "service accounts are not known any more");
    }
    return accounts.caller(account);
  }

  /// A token that somebody took is worth nothing without the certificate's key.
  private Caller certified(TokenHolder holder, @Nullable X509Certificate certificate)
      throws TokenException, RegistryException {
    try {
      if (certificate == null || !Identity.thumbprint(certificate).equals(holder.certificate())) {
        throw new TokenException(OTHER_CONNECTION, "it is bound to another certificate");
      }
      return connected(certificate).caller();
    } catch (CertificateException e) {
      throw new TokenException(OTHER_CONNECTION, "its certificate cannot be read");
    }
  }

  private static RegistryException refused() {
    return new RegistryException(ErrorCode.UNAUTHORIZED, "the credentials do not hold");
  }

  private static RegistryException refusedToken() {
    return RegistryException.unauthorized(TokenFault.INVALID_TOKEN, "the credentials do not hold");
  }
}
