/// Single bytes of what verifies, changed.
@NullMarked
package dev.referee.verify.sweep;

import org.jspecify.annotations.NullMarked;
