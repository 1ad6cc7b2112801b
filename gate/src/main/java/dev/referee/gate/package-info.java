@NullMarked
package dev.referee.gate;

import org.jspecify.annotations.NullMarked;
