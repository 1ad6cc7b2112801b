package dev.referee.registry.access;

import org.jspecify.annotations.Nullable;

/// A service account of the cluster.
record ServiceAccount(String namespace, String name) {
  private static final String PREFIX = "system:serviceaccount:";

  /// The service account of a name as it is printed; null for what is none.
  static @Nullable ServiceAccount parse(String text) {
    int colon = text.indexOf(':', PREFIX.length());
    return text.startsWith(PREFIX) && colon > 0
        ? new ServiceAccount(text.substring(PREFIX.length(), colon), text.substring(colon + 1))
        : null;
  }

  @Override
  public String toString() {
    return PREFIX + namespace + ":" + name;
  }
}
