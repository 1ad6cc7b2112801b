/// Whom policies trust: keys and the signers that hold them.
@NullMarked
package dev.referee.verify.trust;

import org.jspecify.annotations.NullMarked;
