/// From signed content to facts: who signed, what they said, and whether they are enough.
@NullMarked
package dev.referee.verify.proof;

import org.jspecify.annotations.NullMarked;
