package dev.referee.registry;

import dev.referee.registry.events.Events;
import dev.referee.registry.events.RegistryEvent;

/// Tells nobody until it is known whom: a registry's events name its address, which is known when
/// it serves.
final class LateEvents implements Events {
  private volatile Events events = Events.NONE;

  void tell(Events other) {
    events = other;
  }

  @Override
  public void publish(RegistryEvent event) {
    events.publish(event);
  }
}
