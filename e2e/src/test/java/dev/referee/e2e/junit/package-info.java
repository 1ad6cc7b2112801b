/// How a test class comes by a cluster and by clients, and the line that says what ran.
@NullMarked
package dev.referee.e2e.junit;

import org.jspecify.annotations.NullMarked;
