package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.policy.Problem;
import java.util.List;
import java.util.Map;

/// How every registry is reached that is reached in a way of its own, at one moment.
///
/// @param generation distinguishes one moment from another of the same source
/// @param hosts by registry, as repositories name it
/// @param problems what makes no sense, for those who wrote it
public record Registries(long generation, Map<String, Host> hosts, List<Problem> problems) {
  /// Every registry is reached like any other.
  public static final Registries NONE = new Registries(0, Map.of(), List.of());

  public Registries {
    hosts = Map.copyOf(hosts);
    problems = List.copyOf(problems);
  }

  /// What is known of a registry.
  public sealed interface Host {
    /// How it is reached.
    record Known(HostSettings settings) implements Host {
      public Known {
        requireNonNull(settings, "settings is null");
      }
    }

    /// That somebody said how, and it makes no sense. It is not reached in another way instead:
    /// that might show its evidence to somebody else, or somebody else's as its own.
    ///
    /// @param message what is wrong, for people
    record Misconfigured(String message) implements Host {
      public Misconfigured {
        requireNonNull(message, "message is null");
      }
    }
  }
}
