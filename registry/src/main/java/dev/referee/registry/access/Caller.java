package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.RepositoryName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who sends a request, and what was granted.
///
/// @param name who it is: `anonymous`, `user:ci`, `certificate:dns:ci.example.com` or
///   `system:serviceaccount:shop:builder`; the same with a token of our own as without
/// @param anonymous whether there were no credentials, or a token that was given for none
/// @param grants what was granted; without any, nothing is
/// @param scopes what the token of our own is meant for that it sends; null without one
public record Caller(
    String name, boolean anonymous, List<Grant> grants, @Nullable TokenScopes scopes) {
  static final String ANONYMOUS = "anonymous";
  static final String USER = "user:";
  static final String CERTIFICATE = "certificate:";

  public Caller {
    requireNonNull(name, "name is null");
    grants = List.copyOf(grants);
  }

  static Caller anonymous(List<Grant> grants) {
    return new Caller(ANONYMOUS, true, grants, null);
  }

  static Caller user(String name, List<Grant> grants) {
    return new Caller(USER + name, false, grants, null);
  }

  static Caller certificate(CertificateNames names, List<Grant> grants) {
    return new Caller(CERTIFICATE + names, false, grants, null);
  }

  /// The same caller, who means these at most.
  Caller within(TokenScopes meant) {
    return new Caller(name, anonymous, grants, meant);
  }

  /// Whether it says neither by credentials nor by a token who it is.
  public boolean isUnknown() {
    return anonymous && scopes == null;
  }

  /// Whether credentials could change what is granted.
  public boolean couldBeGrantedMore() {
    return anonymous && !grants.contains(Grant.ALL);
  }

  /// Whether the action is granted, and meant. The answer depends on names alone, never on what
  /// exists.
  public boolean may(Action action, RepositoryName repository) {
    return (scopes == null || scopes.allow(action, repository)) && isGranted(action, repository);
  }

  /// Whether the action is granted, and a token for it would do.
  public boolean isGranted(Action action, RepositoryName repository) {
    return grants.stream().anyMatch(grant -> grant.allows(action, repository));
  }

  /// Whether the list of repositories has this one.
  public boolean mayList(RepositoryName repository) {
    return (scopes != null && scopes.catalog())
        ? isGranted(Action.PULL, repository)
        : may(Action.PULL, repository);
  }
}
