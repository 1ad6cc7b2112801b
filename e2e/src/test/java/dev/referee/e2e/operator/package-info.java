/// The operator on a real API server, with the webhook whose certificate and registration it keeps.
@NullMarked
package dev.referee.e2e.operator;

import org.jspecify.annotations.NullMarked;
