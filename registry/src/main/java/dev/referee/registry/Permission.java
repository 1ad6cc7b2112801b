package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.access.Action;
import dev.referee.registry.access.Caller;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.TokenFault;

/// What a request must be granted. Every route says so in this one place, so that none is forgotten
/// (CVE-2026-27771), and a deletion is one whatever it names (CVE-2026-41888).
sealed interface Permission {
  /// Refuses a caller that was not granted it.
  ///
  /// @throws RegistryException with `UNAUTHORIZED` for a caller without credentials and for a token
  ///   that is meant for less, with `DENIED` for a caller who has credentials; the same whatever
  ///   exists
  void check(Caller caller) throws RegistryException;

  /// What a route needs.
  ///
  /// @param tokens whether there are tokens, by which also nobody in particular says who it is
  static Permission of(Route route, String method, boolean tokens) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    boolean deletes = method.equals("DELETE");
    var action = reads ? Action.PULL : deletes ? Action.DELETE : Action.PUSH;
    return switch (route) {
      case Route.Ping _ -> new Any(tokens);
      case Route.Catalog _ -> new Any(tokens);
      case Route.TagList to -> new On(Action.PULL, to.repository());
      case Route.ReferrersOf to -> new On(Action.PULL, to.repository());
      case Route.OneManifest to -> new On(action, to.repository());
      case Route.OneBlob to -> new On(action, to.repository());
      // Looking after one's own upload, and giving it up, is a part of pushing.
      case Route.AllUploads to -> new On(Action.PUSH, to.repository());
      case Route.OneUpload to -> new On(Action.PUSH, to.repository());
      // Looking after one's own leases is one right.
      case Route.OnePin to -> new On(Action.PIN, to.repository());
      // It finds out itself who asks.
      case Route.Token _ -> new Any(false);
    };
  }

  /// Some repository, whichever: an answer without a challenge is what clients learn from that they
  /// need no credentials.
  ///
  /// @param known whether also somebody who may do something must say who it is. Docker's engine
  ///   sends its password to nobody who lets it in without.
  record Any(boolean known) implements Permission {
    @Override
    public void check(Caller caller) throws RegistryException {
      if ((known && caller.isUnknown()) || (caller.anonymous() && caller.grants().isEmpty())) {
        throw new RegistryException(ErrorCode.UNAUTHORIZED, "credentials are needed");
      }
    }
  }

  /// One action on one repository.
  record On(Action action, RepositoryName repository) implements Permission {
    public On {
      requireNonNull(action, "action is null");
      requireNonNull(repository, "repository is null");
    }

    @Override
    public void check(Caller caller) throws RegistryException {
      if (caller.may(action, repository)) {
        return;
      }
      if (caller.isGranted(action, repository)) {
        throw RegistryException.unauthorized(
            TokenFault.INSUFFICIENT_SCOPE,
            "the token is not meant to %s %s".formatted(verb(), repository));
      }
      throw caller.anonymous()
          ? new RegistryException(
              ErrorCode.UNAUTHORIZED,
              "credentials are needed to %s %s".formatted(verb(), repository))
          : new RegistryException(
              ErrorCode.DENIED, "%s may not %s %s".formatted(caller.name(), verb(), repository));
    }

    private String verb() {
      return switch (action) {
        case PULL -> "pull from";
        case PUSH -> "push to";
        case DELETE -> "delete from";
        case PIN -> "pin in";
      };
    }
  }
}
