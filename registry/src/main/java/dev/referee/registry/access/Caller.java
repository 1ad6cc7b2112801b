package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.content.RepositoryName;
import java.util.List;

/// Who sends a request, and what was granted.
///
/// @param name who it is: `anonymous`, `user:ci`, `certificate:dns:ci.example.com` or
///   `system:serviceaccount:shop:builder`
/// @param anonymous whether there were no credentials
/// @param grants what was granted; without any, nothing is
public record Caller(String name, boolean anonymous, List<Grant> grants) {
  private static final String ANONYMOUS = "anonymous";

  public Caller {
    requireNonNull(name, "name is null");
    grants = List.copyOf(grants);
  }

  static Caller anonymous(List<Grant> grants) {
    return new Caller(ANONYMOUS, true, grants);
  }

  static Caller user(String name, List<Grant> grants) {
    return new Caller("user:" + name, false, grants);
  }

  static Caller certificate(CertificateNames names, List<Grant> grants) {
    return new Caller("certificate:" + names, false, grants);
  }

  /// Whether credentials could change what is granted.
  public boolean couldBeGrantedMore() {
    return anonymous && !grants.contains(Grant.ALL);
  }

  /// Whether the action is granted. The answer depends on names alone, never on what exists.
  public boolean may(Action action, RepositoryName repository) {
    return grants.stream().anyMatch(grant -> grant.allows(action, repository));
  }
}
