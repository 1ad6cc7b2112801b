package dev.referee.verify.signature;

/// Something with a signature: parsed, not proven. Only a verifier turns it into facts.
public sealed interface SignedContent
    permits SignedEnvelope, SimpleSigning, SignedBytes, NotaryEnvelope {
  /// What it was signed with, as claimed.
  SigningMaterial material();
}
