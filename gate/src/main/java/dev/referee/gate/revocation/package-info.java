/// Revocation, looked up over the network and kept for a while.
@NullMarked
package dev.referee.gate.revocation;

import org.jspecify.annotations.NullMarked;
