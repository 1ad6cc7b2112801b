/// Certificates, lists, answers and timestamps for tests: each made right, unless a test says
/// otherwise.
@NullMarked
package dev.referee.verify.pki;

import org.jspecify.annotations.NullMarked;
