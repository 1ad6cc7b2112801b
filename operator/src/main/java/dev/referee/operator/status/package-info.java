/// What the statuses of our objects say.
@NullMarked
package dev.referee.operator.status;

import org.jspecify.annotations.NullMarked;
