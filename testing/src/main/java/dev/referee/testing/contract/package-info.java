/// Suites that every implementation of a port must pass. A module that has one extends the suite in
/// its tests; JUnit is only there then.
@NullMarked
package dev.referee.testing.contract;

import org.jspecify.annotations.NullMarked;
