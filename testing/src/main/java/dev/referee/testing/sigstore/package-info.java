/// A Sigstore instance that lives in a test: an authority for certificates, a log of certificates,
/// transparency logs of both versions and a timestamp authority, the same for the same seed and
/// clock. Every part can be told to be wrong in one place, and signs that too: what a refusal is
/// tested with is then wrong there and nowhere else. Start reading at
/// [dev.referee.testing.sigstore.VirtualSigstore].
@NullMarked
package dev.referee.testing.sigstore;

import org.jspecify.annotations.NullMarked;
