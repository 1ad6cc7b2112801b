/// The whole system against a real API server and real clients. Everything here is test code.
@NullMarked
package dev.referee.e2e;

import org.jspecify.annotations.NullMarked;
