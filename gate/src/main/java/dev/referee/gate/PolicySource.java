package dev.referee.gate;

import dev.referee.gate.registries.Registries;
import dev.referee.verify.policy.PolicySet;

/// Where policies come from: files, or the API server.
public interface PolicySource extends AutoCloseable {
  /// Everything that policies say now.
  PolicySet current();

  /// How registries are reached, by the objects that say so.
  default Registries registries() {
    return Registries.NONE;
  }

  /// Whether what [#current] says is complete. Before that it must not be decided upon.
  boolean isReady();

  @Override
  void close();
}
