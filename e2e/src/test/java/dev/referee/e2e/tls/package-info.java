/// Certificates for servers and clients of the tests.
@NullMarked
package dev.referee.e2e.tls;

import org.jspecify.annotations.NullMarked;
