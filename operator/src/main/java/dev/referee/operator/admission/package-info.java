/// What the API server asks the webhook about: the webhook configurations that follow from the
/// policies in force.
@NullMarked
package dev.referee.operator.admission;

import org.jspecify.annotations.NullMarked;
