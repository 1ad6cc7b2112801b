/// Keeps what runs from being collected by the bundled registries that it came from: leases,
/// renewed while it runs, that end by themselves when it does not.
@NullMarked
package dev.referee.operator.registry.pins;

import org.jspecify.annotations.NullMarked;
