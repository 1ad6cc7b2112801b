@NullMarked
package dev.referee.server;

import org.jspecify.annotations.NullMarked;
