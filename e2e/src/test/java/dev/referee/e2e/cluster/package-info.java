/// A real API server for the tests, from whatever this machine has.
@NullMarked
package dev.referee.e2e.cluster;

import org.jspecify.annotations.NullMarked;
