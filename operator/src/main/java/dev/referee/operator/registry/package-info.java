/// Bundled registries: one OciRegistry becomes a workload with its storage, certificate and access,
/// and its status says what the registry itself and its pods say. Start reading at
/// [dev.referee.operator.registry.OciRegistries], then
/// [dev.referee.operator.registry.OciRegistryReconciler].
@NullMarked
package dev.referee.operator.registry;

import org.jspecify.annotations.NullMarked;
