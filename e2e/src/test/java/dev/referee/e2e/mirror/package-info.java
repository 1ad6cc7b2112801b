/// What comes from another registry: imports and mirrors, between a real one and ours.
@NullMarked
package dev.referee.e2e.mirror;

import org.jspecify.annotations.NullMarked;
