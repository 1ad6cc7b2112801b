/// The virtual Sigstore of the tests before a judge that is not ours: the real cosign.
@NullMarked
package dev.referee.e2e.sigstore;

import org.jspecify.annotations.NullMarked;
