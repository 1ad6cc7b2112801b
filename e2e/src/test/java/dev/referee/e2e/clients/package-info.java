/// The real clients of registries, signatures and charts, as their users run them.
@NullMarked
package dev.referee.e2e.clients;

import org.jspecify.annotations.NullMarked;
