@NullMarked
package dev.referee.testing;

import org.jspecify.annotations.NullMarked;
