@NullMarked
package dev.referee.verify;

import org.jspecify.annotations.NullMarked;
