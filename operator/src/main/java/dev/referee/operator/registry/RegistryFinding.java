package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// What a reconciliation found out about a registry.
///
/// @param ready whether it serves
/// @param reason in the spelling of condition reasons
/// @param message a sentence for people
/// @param endpoint host and port by which images name it; absent, it cannot have one
/// @param caBundle PEM certificates of its authority; absent, clients need none or none is known
/// @param readyReplicas how many pods serve; absent, there is no workload
/// @param answer what it says itself; absent, no pod serves that could be asked
record RegistryFinding(
    boolean ready,
    String reason,
    String message,
    @Nullable String endpoint,
    @Nullable String caBundle,
    @Nullable Integer readyReplicas,
    @Nullable RegistryAnswer answer) {
  RegistryFinding {
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }
}
