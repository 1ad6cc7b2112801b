/// Revocation: whether a certificate was taken back by whoever issued it, by OCSP (RFC 6960) and by
/// lists (RFC 5280 section 5). Start reading at [dev.referee.verify.revocation.RevocationCheck].
@NullMarked
package dev.referee.verify.revocation;

import org.jspecify.annotations.NullMarked;
