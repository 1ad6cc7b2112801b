/// What admission costs, measured from outside on processes as users run them. Not part of `mvn
/// verify`: `mvn verify -Pbenchmark -pl e2e -am`.
@NullMarked
package dev.referee.e2e.benchmark;

import org.jspecify.annotations.NullMarked;
