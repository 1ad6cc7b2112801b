/// Strict, bounded JSON: the one way in which Referee reads JSON that somebody else wrote.
@NullMarked
package dev.referee.oci.json;

import org.jspecify.annotations.NullMarked;
