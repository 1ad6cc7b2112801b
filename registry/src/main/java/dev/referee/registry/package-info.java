@NullMarked
package dev.referee.registry;

import org.jspecify.annotations.NullMarked;
