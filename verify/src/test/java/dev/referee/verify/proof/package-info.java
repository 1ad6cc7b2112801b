@NullMarked
package dev.referee.verify.proof;

import org.jspecify.annotations.NullMarked;
