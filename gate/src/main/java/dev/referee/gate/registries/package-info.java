/// How each registry is reached, as ClusterRegistryConfig objects and bundled registries say.
@NullMarked
package dev.referee.gate.registries;

import org.jspecify.annotations.NullMarked;
