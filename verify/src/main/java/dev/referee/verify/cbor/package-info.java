/// Strict CBOR (RFC 8949): the one way in which Referee reads CBOR that somebody else wrote.
@NullMarked
package dev.referee.verify.cbor;

import org.jspecify.annotations.NullMarked;
