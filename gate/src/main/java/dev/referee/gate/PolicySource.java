package dev.referee.gate;

import dev.referee.verify.policy.PolicySet;

/// Where policies come from: files, or the API server.
public interface PolicySource extends AutoCloseable {
  /// Everything that policies say now.
  PolicySet current();

  /// Whether what [#current] says is complete. Before that it must not be decided upon.
  boolean isReady();

  @Override
  void close();
}
