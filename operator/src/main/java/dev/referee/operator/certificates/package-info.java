/// The webhook's serving certificate and the authority that signs it: what has to change now
/// (pure), and the Secrets that keep it.
@NullMarked
package dev.referee.operator.certificates;

import org.jspecify.annotations.NullMarked;
