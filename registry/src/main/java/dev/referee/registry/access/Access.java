package dev.referee.registry.access;

import dev.referee.registry.content.RegistryException;
import java.net.InetAddress;
import java.util.List;

/// Finds out who sends a request.
@FunctionalInterface
public interface Access {
  /// Everybody may do everything.
  Access OPEN = (_, _) -> Caller.anonymous(List.of(Grant.ALL));

  /// The caller of a request.
  ///
  /// @param authorization the values of its `Authorization` headers; empty for none
  /// @param address where it comes from, to slow down who guesses
  /// @throws RegistryException with `UNAUTHORIZED` for credentials that do not hold, never a caller
  ///   with fewer rights instead; with `TOOMANYREQUESTS` for too many guesses; with `UNAVAILABLE`
  ///   while it cannot be found out
  Caller caller(List<String> authorization, InetAddress address) throws RegistryException;
}
