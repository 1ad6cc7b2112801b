/// What was decided and why: the one result that the webhook, the command line and the reports
/// render.
@NullMarked
package dev.referee.verify.decision;

import org.jspecify.annotations.NullMarked;
