/// Bundled registries, as the operator makes them in a real cluster.
@NullMarked
package dev.referee.e2e.registries;

import org.jspecify.annotations.NullMarked;
