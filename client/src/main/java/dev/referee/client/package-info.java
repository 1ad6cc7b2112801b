@NullMarked
package dev.referee.client;

import org.jspecify.annotations.NullMarked;
