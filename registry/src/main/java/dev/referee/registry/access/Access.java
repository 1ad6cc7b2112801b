package dev.referee.registry.access;

import dev.referee.registry.content.RegistryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds out who sends a request.
@FunctionalInterface
public interface Access {
  /// Everybody may do everything.
  Access OPEN = _ -> Caller.anonymous(List.of(Grant.ALL));

  /// The caller of a request.
  ///
  /// @throws RegistryException with `UNAUTHORIZED` for credentials that do not hold, never a caller
  ///   with fewer rights instead; with `TOOMANYREQUESTS` for too many guesses; with `UNAVAILABLE`
  ///   while it cannot be found out
  Caller caller(Presented presented) throws RegistryException;

  /// Who gives tokens; null where there are none, and every request has its credentials.
  default @Nullable TokenService tokens() {
    return null;
  }
}
