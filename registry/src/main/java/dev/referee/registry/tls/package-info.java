/// Whom the registry trusts where it is a client itself.
@NullMarked
package dev.referee.registry.tls;

import org.jspecify.annotations.NullMarked;
