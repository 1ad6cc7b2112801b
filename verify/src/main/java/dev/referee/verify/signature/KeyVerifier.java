package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.NOT_A_SIGNATURE;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;

import dev.referee.oci.Digest;
import dev.referee.verify.trust.TrustedSigner;
import java.util.Optional;
import java.util.function.Predicate;

/// Proves what the holder of a key said about an artifact.
public final class KeyVerifier {
  private KeyVerifier() {}

  /// Proves that the signer signed exactly this artifact. An attestation is not a signature,
  /// whoever made it: cosign's own `verify` takes one for the other.
  ///
  /// @throws UnprovenException with the first reason that holds
  public static void verifySignature(SignedContent content, Digest artifact, TrustedSigner signer)
      throws UnprovenException {
    switch (content) {
      case SimpleSigning simple -> {
        checkMaterial(simple.material(), signer);
        checkSigned(simple.isSignedBy(signer.key()), simple.material(), signer);
        // Parsed only after the bytes are proven.
        simple.checkSubject(artifact);
      }
      case SignedEnvelope envelope -> {
        var statement = verifyStatement(envelope, artifact, signer);
        if (!statement.predicateType().equals(PredicateTypes.COSIGN_SIGN)) {
          throw new UnprovenException(
              NOT_A_SIGNATURE,
              "it is an attestation (%s), not a signature of the artifact"
                  .formatted(brief(statement.predicateType())));
        }
      }
    }
  }

  /// Proves that the signer made this statement about exactly this artifact. What kind of statement
  /// it is remains for the caller to check.
  ///
  /// @throws UnprovenException with the first reason that holds
  public static Statement verifyStatement(
      SignedEnvelope content, Digest artifact, TrustedSigner signer) throws UnprovenException {
    checkMaterial(content.material(), signer);
    checkSigned(content.envelope().isSignedBy(signer.key()), content.material(), signer);
    // Parsed only after the bytes are proven.
    var statement = Statement.parse(content.envelope());
    // Signed, but about this artifact?
    statement.checkSubject(artifact);
    return statement;
  }

  /// What a statement says, proven by nobody: for requirements that ask for a document and not for
  /// who wrote it, and for explanations. The name is a warning.
  public static Statement readUnprovenStatement(SignedEnvelope content, Digest artifact)
      throws UnprovenException {
    var statement = Statement.parse(content.envelope());
    statement.checkSubject(artifact);
    return statement;
  }

  /// Whether an envelope claims, proven or not, to be a statement of a type that is not asked for.
  /// One that cannot be read claims nothing, and is left to be refused for that.
  public static boolean claimsOtherThan(SignedEnvelope content, Predicate<String> askedFor) {
    try {
      return !askedFor.test(Statement.parse(content.envelope()).predicateType());
    } catch (UnprovenException e) {
      return false;
    }
  }

  private static void checkMaterial(SigningMaterial material, TrustedSigner signer)
      throws UnprovenException {
    if (material instanceof SigningMaterial.Certificate) {
      throw new UnprovenException(
          CERTIFICATE_INSTEAD_OF_KEY,
          "it was signed with a certificate, and %s is a key".formatted(signer.name()));
    }
  }

  private static void checkSigned(boolean signed, SigningMaterial material, TrustedSigner signer)
      throws UnprovenException {
    if (signed) {
      return;
    }
    // The hint only chooses the words: a wrong signature under the right hint was tampered with.
    var label =
        switch (material) {
          case SigningMaterial.Key key when key.hint().equals(signer.key().hint()) ->
              throw new UnprovenException(
                  SIGNATURE_INVALID,
                  "it names the key of %s, but the signature is not that key's"
                      .formatted(signer.name()));
          case SigningMaterial.Key key -> key.label();
          case SigningMaterial.Certificate certificate -> Optional.<String>empty();
        };
    throw new UnprovenException(
        UNTRUSTED_KEY,
        label
            .map("it was signed with an unknown key (%s)"::formatted)
            .orElseGet(() -> "it was not signed with the key of " + signer.name()));
  }

  private static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
