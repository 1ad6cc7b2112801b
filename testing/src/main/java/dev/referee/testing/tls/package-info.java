/// Certificates for servers and clients of the tests.
@NullMarked
package dev.referee.testing.tls;

import org.jspecify.annotations.NullMarked;
