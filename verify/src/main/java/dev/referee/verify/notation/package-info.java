/// Signatures of the Notary Project: envelopes in JWS and COSE, chains, identities, authentic time.
@NullMarked
package dev.referee.verify.notation;

import org.jspecify.annotations.NullMarked;
