package dev.referee.verify.policy;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// One value of a Secret or a ConfigMap that an object names.
///
/// @param holder what holds it
/// @param namespace where that is; null for Referee's own namespace, which cluster-wide objects
///   name
/// @param name the name of the Secret or ConfigMap
/// @param key which of its values
public record ValueReference(Holder holder, @Nullable String namespace, String name, String key) {
  public ValueReference {
    requireNonNull(holder, "holder is null");
    requireNonNull(name, "name is null");
    requireNonNull(key, "key is null");
  }

  /// What values are kept in.
  public enum Holder {
    SECRET("Secret"),
    CONFIG_MAP("ConfigMap");

    private final String kind;

    Holder(String kind) {
      this.kind = kind;
    }

    /// The kind as manifests spell it.
    @Override
    public String toString() {
      return kind;
    }
  }

  /// The object that holds the value: `Secret shop/cosign`.
  public String describe() {
    return namespace == null
        ? "%s %s of Referee's namespace".formatted(holder, name)
        : "%s %s/%s".formatted(holder, namespace, name);
  }
}
