/// Policies, compiled: what they are about and what they require.
@NullMarked
package dev.referee.verify.policy;

import org.jspecify.annotations.NullMarked;
