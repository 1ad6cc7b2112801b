package dev.referee.registry;

import dev.referee.registry.access.Action;
import dev.referee.registry.access.TokenScopes;
import dev.referee.registry.access.TokenService;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.TokenFault;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says how a client that is refused may prove who it is: by a password, or by a token and where to
/// get that (RFC 9110 section 11.6.1, RFC 6750 section 3).
final class Challenges {
  /// Any name will do: clients show it to whoever types a password.
  static final String BASIC = "Basic realm=\"referee\", charset=\"UTF-8\"";

  /// A name or address, and a port. What this does not match never comes back in a header.
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]{2,45}])"
              + "(?::[0-9]{1,5})?");

  private final @Nullable TokenService tokens;
  private final @Nullable URI realm;
  private final String scheme;

  /// @param tokens who gives tokens; null where passwords are all there is
  /// @param realm where clients reach it; null for the host that each of them asked for
  /// @param tls whether they come by TLS
  Challenges(@Nullable TokenService tokens, @Nullable URI realm, boolean tls) {
    this.tokens = tokens;
    this.realm = realm;
    this.scheme = tls ? "https" : "http";
  }

  /// The challenge of a refusal.
  ///
  /// @param route what was asked for; null for a path that is nothing
  /// @param fault what is wrong with the token that was sent; null for none
  /// @throws RegistryException with `REQUEST_INVALID` for a `Host` that is none
  String of(Exchange exchange, @Nullable Route route, @Nullable TokenFault fault)
      throws RegistryException {
    if (tokens == null || route instanceof Route.Token) {
      return BASIC;
    }
    var challenge = new StringBuilder("Bearer realm=\"").append(realm(exchange));
    challenge.append("\",service=\"").append(tokens.service()).append('"');
    var scope = route == null ? "" : scope(exchange, route);
    if (!scope.isEmpty()) {
      challenge.append(",scope=\"").append(scope).append('"');
    }
    if (fault != null) {
      challenge.append(",error=\"").append(fault.code()).append('"');
    }
    return challenge.toString();
  }

  private String realm(Exchange exchange) throws RegistryException {
    if (realm != null) {
      return realm.toString();
    }
    var hosts = exchange.headers("Host");
    if (hosts.size() != 1 || !HOST.matcher(hosts.getFirst()).matches()) {
      throw new RegistryException(
          ErrorCode.REQUEST_INVALID, "the Host header is not a host and a port");
    }
    return "%s://%s%s".formatted(scheme, hosts.getFirst(), TokenEndpoint.PATH);
  }

  private static String scope(Exchange exchange, Route route) {
    if (route instanceof Route.Catalog) {
      return "registry:catalog:*";
    }
    if (!(Permission.of(route, exchange.method(), true)
        instanceof Permission.On(var action, var repository))) {
      return "";
    }
    // Who pushes looks first.
    var actions =
        action == Action.PUSH
            ? TokenScopes.label(Action.PULL) + "," + TokenScopes.label(action)
            : TokenScopes.label(action);
    var scope = "repository:%s:%s".formatted(repository, actions);
    var from = route instanceof Route.AllUploads ? mountedFrom(exchange) : null;
    return from == null || from.equals(repository)
        ? scope
        : scope + " repository:%s:%s".formatted(from, TokenScopes.label(Action.PULL));
  }

  /// From where a blob is to be mounted; null for nowhere, and for what is no name.
  private static @Nullable RepositoryName mountedFrom(Exchange exchange) {
    try {
      var from = exchange.query("mount") == null ? null : exchange.query("from");
      return from == null ? null : RepositoryName.parse(from);
    } catch (IOException e) {
      return null;
    }
  }
}
