/// Signature formats: what is signed, by what, and how that is proven. Start reading at
/// [dev.referee.verify.signature.KeyVerifier].
@NullMarked
package dev.referee.verify.signature;

import org.jspecify.annotations.NullMarked;
