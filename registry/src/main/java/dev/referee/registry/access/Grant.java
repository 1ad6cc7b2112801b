package dev.referee.registry.access;

import dev.referee.registry.content.RepositoryName;
import java.util.List;
import java.util.Set;

/// What may be done with which repositories.
///
/// @param repositories those that one of the patterns matches
/// @param actions what may be done with them
public record Grant(List<RepositoryPattern> repositories, Set<Action> actions) {
  /// Everything with everything.
  static final Grant ALL =
      new Grant(List.of(RepositoryPattern.parse("**")), Set.of(Action.values()));

  public Grant {
    repositories = List.copyOf(repositories);
    actions = Set.copyOf(actions);
  }

  boolean allows(Action action, RepositoryName repository) {
    return actions.contains(action)
        && repositories.stream().anyMatch(pattern -> pattern.matches(repository));
  }
}
