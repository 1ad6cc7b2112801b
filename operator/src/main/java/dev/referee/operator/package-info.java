@NullMarked
package dev.referee.operator;

import org.jspecify.annotations.NullMarked;
