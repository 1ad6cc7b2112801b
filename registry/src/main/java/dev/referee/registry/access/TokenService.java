package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.function.Supplier;

/// Gives tokens to whoever proves who it is, or to nobody in particular where that may do something
/// (distribution, "Token Authentication Specification").
public final class TokenService {
  private final RegistryTokens tokens;
  private final Supplier<Authenticator> access;

  TokenService(RegistryTokens tokens, Supplier<Authenticator> access) {
    this.tokens = requireNonNull(tokens, "tokens is null");
    this.access = requireNonNull(access, "access is null");
  }

  /// What clients must name that ask for a token.
  public String service() {
    return RegistryTokens.SERVICE;
  }

  /// A token by what a request shows: a password, a service account's token, the certificate of its
  /// connection, or nothing. A token of our own gets nobody another.
  ///
  /// @param scopes what it is asked for; it is for as much of it as is granted
  /// @throws RegistryException as [Access#caller], and with `REQUEST_INVALID` for too many scopes
  public IssuedToken issue(Presented presented, List<String> scopes) throws RegistryException {
    return issue(
        access.get().identify(Credentials.parse(presented.authorization()), presented), scopes);
  }

  /// A token by a password.
  ///
  /// @throws RegistryException as [#issue]
  public IssuedToken issueByPassword(
      String user, String password, Presented presented, List<String> scopes)
      throws RegistryException {
    return issue(access.get().identify(new Credentials.Basic(user, password), presented), scopes);
  }

  /// A token by a service account's token.
  ///
  /// @throws RegistryException as [#issue]
  public IssuedToken issueByAccountToken(String token, Presented presented, List<String> scopes)
      throws RegistryException {
    return issue(access.get().identify(new Credentials.Bearer(token), presented), scopes);
  }

  private IssuedToken issue(Identity identity, List<String> scopes) throws RegistryException {
    var caller = identity.caller();
    if (caller.anonymous() && caller.grants().isEmpty()) {
      throw new RegistryException(ErrorCode.UNAUTHORIZED, "credentials are needed");
    }
    if (scopes.size() > TokenScopes.MAX
        || scopes.stream().mapToInt(String::length).sum() > TokenScopes.MAX_CHARS) {
      throw new RegistryException(
          ErrorCode.REQUEST_INVALID,
          "more than %d scopes, or %d characters of them"
              .formatted(TokenScopes.MAX, TokenScopes.MAX_CHARS));
    }
    try {
      return tokens.issue(
          identity.holder(), TokenScopes.parse(scopes).grantedTo(caller), identity.until());
    } catch (CertificateEncodingException e) {
      throw new RegistryException(
          ErrorCode.UNAUTHORIZED, "the client's certificate cannot be read");
    }
  }
}
