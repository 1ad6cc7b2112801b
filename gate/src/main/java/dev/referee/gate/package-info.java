/// The engine wired to the world: where policies, namespaces and registries come from. A
/// [dev.referee.gate.Gate] answers "may this image run?"; start reading there.
@NullMarked
package dev.referee.gate;

import org.jspecify.annotations.NullMarked;
