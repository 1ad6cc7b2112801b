package dev.referee.registry.access;

/// A service account of the cluster.
record ServiceAccount(String namespace, String name) {
  @Override
  public String toString() {
    return "system:serviceaccount:%s:%s".formatted(namespace, name);
  }
}
