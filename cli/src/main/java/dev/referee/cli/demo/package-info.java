/// The demonstration: the whole chain on loopback, with everything real but the cluster. Start
/// reading at [dev.referee.cli.demo.DemoCommand].
@NullMarked
package dev.referee.cli.demo;

import org.jspecify.annotations.NullMarked;
