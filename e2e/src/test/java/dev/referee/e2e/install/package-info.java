/// Referee as administrators install it: with kubectl and with Helm.
@NullMarked
package dev.referee.e2e.install;

import org.jspecify.annotations.NullMarked;
