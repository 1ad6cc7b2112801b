@NullMarked
package dev.referee.cli;

import org.jspecify.annotations.NullMarked;
