/// The registry under the specification's own conformance runner.
@NullMarked
package dev.referee.e2e.conformance;

import org.jspecify.annotations.NullMarked;
