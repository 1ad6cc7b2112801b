@NullMarked
package dev.referee.webhook;

import org.jspecify.annotations.NullMarked;
