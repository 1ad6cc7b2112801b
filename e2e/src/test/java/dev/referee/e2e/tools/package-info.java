/// Programs that the tests run: built by Go from the modules pinned in this folder, or found on the
/// PATH, and run with bounded time and output.
@NullMarked
package dev.referee.e2e.tools;

import org.jspecify.annotations.NullMarked;
