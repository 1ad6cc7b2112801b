package dev.referee.verify.signature;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.UNTRUSTED_KEY;

import dev.referee.oci.Digest;
import dev.referee.verify.trust.TrustedKey;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Proves what the holder of a key said about an artifact.
public final class KeyVerifier {
  private KeyVerifier() {}

  /// Proves that the holder of a key signed exactly this artifact, or made a statement about it.
  ///
  /// @param name the signer's, for words
  /// @return the statement; null, the artifact itself was signed
  /// @throws UnprovenException with the first reason that holds
  public static @Nullable Statement verify(
      SignedContent content, Digest artifact, String name, TrustedKey key)
      throws UnprovenException {
    checkMaterial(content.material(), name);
    return switch (content) {
      case SimpleSigning simple -> {
        checkSigned(simple.isSignedBy(key), simple.material(), name, key);
        // Parsed only after the bytes are proven.
        simple.checkSubject(artifact);
        yield null;
      }
      case NotaryEnvelope _ -> throw NotaryEnvelope.unread();
      case SignedBytes bytes -> {
        checkSigned(bytes.isSignedBy(key, artifact), bytes.material(), name, key);
        yield null;
      }
      case SignedEnvelope envelope -> {
        checkSigned(envelope.envelope().isSignedBy(key), envelope.material(), name, key);
        // Parsed only after the bytes are proven.
        var statement = Statement.parse(envelope.envelope());
        // Signed, but about this artifact?
        statement.checkSubject(artifact);
        yield statement;
      }
    };
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

  private static void checkMaterial(SigningMaterial material, String name)
      throws UnprovenException {
    if (material instanceof SigningMaterial.Certificate) {
      throw new UnprovenException(
          CERTIFICATE_INSTEAD_OF_KEY,
          "it was signed with a certificate, and %s is a key".formatted(name));
    }
  }

  private static void checkSigned(
      boolean signed, SigningMaterial material, String name, TrustedKey key)
      throws UnprovenException {
    if (signed) {
      return;
    }
    // The hint only chooses the words: a wrong signature under the right hint was tampered with.
    var label =
        switch (material) {
          case SigningMaterial.Key hinted when hinted.hint().equals(key.hint()) ->
              throw new UnprovenException(
                  SIGNATURE_INVALID,
                  "it names the key of %s, but the signature is not that key's".formatted(name));
          case SigningMaterial.Key hinted -> hinted.label();
          case SigningMaterial.Certificate certificate -> Optional.<String>empty();
        };
    throw new UnprovenException(
        UNTRUSTED_KEY,
        label
            .map("it was signed with an unknown key (%s)"::formatted)
            .orElseGet(() -> "it was not signed with the key of " + name));
  }
}
