package dev.referee.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Base64;

/// What a registry may be offered as proof of who asks.
public sealed interface Credentials {
  Credentials ANONYMOUS = new Anonymous();

  /// Nobody in particular.
  record Anonymous() implements Credentials {}

  /// A user with a password.
  record Basic(String username, String password) implements Credentials {
    public Basic {
      requireNonNull(username, "username is null");
      requireNonNull(password, "password is null");
    }

    String header() {
      var pair = (username + ":" + password).getBytes(UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /// Never the password: records end up in logs.
    @Override
    public String toString() {
      return "Basic[username=" + username + "]";
    }
  }

  /// A refresh token of the registry's token service, as `docker login` keeps for some registries.
  record IdentityToken(String token) implements Credentials {
    public IdentityToken {
      requireNonNull(token, "token is null");
    }

    @Override
    public String toString() {
      return "IdentityToken[]";
    }
  }
}
