package dev.referee.registry.events;

/// Takes what happens.
@FunctionalInterface
public interface Events {
  /// Tells nobody.
  Events NONE = _ -> {};

  /// Takes an event. Never waits and never fails: what cannot be told is dropped and counted.
  void publish(RegistryEvent event);
}
