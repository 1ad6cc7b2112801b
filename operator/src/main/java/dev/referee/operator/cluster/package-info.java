/// What the operator writes into a cluster, and how.
@NullMarked
package dev.referee.operator.cluster;

import org.jspecify.annotations.NullMarked;
