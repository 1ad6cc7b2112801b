package dev.referee.verify.notation;

import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;

import dev.referee.verify.signature.UnprovenException;

/// Whose word the signing time is (Notary Project, signing-scheme.md).
enum SigningScheme {
  /// The signer's own, which proves nothing; an RFC 3161 timestamp may.
  X509("notary.x509"),
  /// That of an authority that signs for others, which is trusted to tell the time.
  SIGNING_AUTHORITY("notary.x509.signingAuthority");

  private final String label;

  SigningScheme(String label) {
    this.label = label;
  }

  static SigningScheme of(String label) throws UnprovenException {
    for (var scheme : values()) {
      if (scheme.label.equals(label)) {
        return scheme;
      }
    }
    throw new UnprovenException(
        UNSUPPORTED_EVIDENCE, "a signing scheme that is not read: " + Headers.brief(label));
  }

  /// The header that carries the time.
  String timeHeader() {
    return switch (this) {
      case X509 -> Headers.SIGNING_TIME;
      case SIGNING_AUTHORITY -> Headers.AUTHENTIC_SIGNING_TIME;
    };
  }

  /// The header that must not be there.
  String otherTimeHeader() {
    return switch (this) {
      case X509 -> Headers.AUTHENTIC_SIGNING_TIME;
      case SIGNING_AUTHORITY -> Headers.SIGNING_TIME;
    };
  }
}
