package dev.referee.verify.proof;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INSTEAD_OF_KEY;
import static dev.referee.verify.decision.Reason.KEY_INSTEAD_OF_CERTIFICATE;
import static dev.referee.verify.decision.Reason.NOT_A_SIGNATURE;
import static dev.referee.verify.decision.Reason.SIGNER_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.verify.notation.NotationVerifier;
import dev.referee.verify.signature.KeyVerifier;
import dev.referee.verify.signature.NotaryEnvelope;
import dev.referee.verify.signature.PredicateTypes;
import dev.referee.verify.signature.SignedContent;
import dev.referee.verify.signature.SigningMaterial;
import dev.referee.verify.signature.SimpleSigning;
import dev.referee.verify.signature.Statement;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.BundleVerifier;
import dev.referee.verify.sigstore.Presented;
import dev.referee.verify.sigstore.VerifiedBundle;
import dev.referee.verify.trust.Credential;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.SigstoreTrust;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.Validity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves what a signer said about an artifact, whatever kind of signer it is.
public final class SignerVerifier {
  private final SignedContent content;
  private final Digest artifact;
  private final Instant now;

  /// @param content what is said to be signed
  /// @param artifact what it is asked to be about
  /// @param now when that is decided
  public SignerVerifier(SignedContent content, Digest artifact, Instant now) {
    this.content = requireNonNull(content, "content is null");
    this.artifact = requireNonNull(artifact, "artifact is null");
    this.now = requireNonNull(now, "now is null");
  }

  /// Proves that the signer signed exactly this artifact. An attestation is not a signature,
  /// whoever made it: cosign's own `verify` takes one for the other.
  ///
  /// @throws UnprovenException with the first reason that holds
  public Proof signature(TrustedSigner signer) throws UnprovenException {
    var proof = prove(signer);
    var statement = proof.statement();
    if (statement != null && !statement.predicateType().equals(PredicateTypes.COSIGN_SIGN)) {
      throw new UnprovenException(
          NOT_A_SIGNATURE,
          "it is an attestation (%s), not a signature of the artifact"
              .formatted(brief(statement.predicateType())));
    }
    return proof;
  }

  /// Proves that the signer signed exactly this artifact, or made a statement about it. What kind
  /// of statement it is remains for the caller to check.
  ///
  /// @throws UnprovenException with the first reason that holds
  public Proof prove(TrustedSigner signer) throws UnprovenException {
    var proof =
        switch (signer.credential()) {
          case Credential.Key key -> byKey(signer, key);
          case Credential.Keyless keyless -> byIdentity(signer, keyless);
          case Credential.X509 x509 -> byCertificate(signer, x509);
          case Credential.Notation notation -> byNotation(signer, notation);
          case Credential.Group group ->
              throw new IllegalArgumentException("a group signs by its members");
        };
    checkValid(signer.validity(), now, "%s speaks %s, it is %s", signer);
    return proof;
  }

  private Proof byKey(TrustedSigner signer, Credential.Key key) throws UnprovenException {
    if (key.proof() == null) {
      var statement = KeyVerifier.verify(content, artifact, signer.name(), key.key());
      return keyProof(signer, key, statement, List.of());
    }
    checkMaterial(false, signer);
    var verified = byAnyRoot(key.proof(), (verifier, shown) -> verifier.verify(shown, key.key()));
    return keyProof(signer, key, verified.statement(), verified.times());
  }

  /// A key has to have been in use when it signed. Where nobody says when that was, it might be
  /// now.
  private Proof keyProof(
      TrustedSigner signer, Credential.Key key, @Nullable Statement statement, List<Instant> times)
      throws UnprovenException {
    for (var time : times) {
      checkValid(key.validity(), time, "the key of %s was in use %s, it was signed at %s", signer);
    }
    if (times.isEmpty()) {
      checkValid(key.validity(), now, "the key of %s is in use %s, it is %s", signer);
    }
    return new Proof(
        signer,
        Holder.ofKey(key.key().fingerprint()),
        earlier(signer.validity().end(), times.isEmpty() ? key.validity().end() : Instant.MAX),
        statement);
  }

  private Proof byIdentity(TrustedSigner signer, Credential.Keyless keyless)
      throws UnprovenException {
    checkMaterial(true, signer);
    var verified =
        byAnyRoot(
            keyless.trust(), (verifier, shown) -> verifier.verify(shown, keyless.identities()));
    return new Proof(
        signer,
        Holder.ofIdentity(verified.claims()),
        signer.validity().end(),
        verified.statement());
  }

  private Proof byCertificate(TrustedSigner signer, Credential.X509 x509) throws UnprovenException {
    checkMaterial(true, signer);
    var trust = x509.trust();
    var shown = Showing.of(content, artifact);
    var profile = new ProofProfile(0, 0, trust.timestamped() ? 1 : 0);
    var verified =
        new BundleVerifier(trust.root(), profile).verifyIssued(shown, x509.identities(), now);
    checkAbout();
    return new Proof(
        signer,
        Holder.ofCertificate(Showing.key(shown), verified.claims()),
        earlier(signer.validity().end(), verified.until()),
        verified.statement());
  }

  private Proof byNotation(TrustedSigner signer, Credential.Notation notation)
      throws UnprovenException {
    if (!(content instanceof NotaryEnvelope envelope)) {
      throw new UnprovenException(
          UNSUPPORTED_EVIDENCE,
          "it is no signature of the Notary Project, which %s signs with".formatted(signer.name()));
    }
    // Found at the artifact, by its digest: what it is about is compared with nothing else.
    if (!envelope.artifact().digest().equals(artifact)) {
      throw new IllegalArgumentException("the envelope was found at another artifact");
    }
    var proven =
        NotationVerifier.verify(
            envelope.content(),
            envelope.type(),
            envelope.artifact(),
            notation.trust(),
            InstantSource.fixed(now),
            envelope.revocation());
    return new Proof(
        signer,
        Holder.ofCertificate(proven.signer()),
        earlier(signer.validity().end(), proven.until()),
        null,
        proven.notes());
  }

  /// What one instance of several is asked.
  private interface ByRoot {
    VerifiedBundle verify(BundleVerifier verifier, Presented shown) throws UnprovenException;
  }

  /// Each root by itself: who is trusted by one is not vouched for by another's logs.
  private VerifiedBundle byAnyRoot(SigstoreTrust trust, ByRoot check) throws UnprovenException {
    var shown = Showing.of(content, artifact);
    UnprovenException closest = null;
    for (var root : trust.roots()) {
      try {
        var verified = check.verify(new BundleVerifier(root, trust.profile()), shown);
        checkAbout();
        return verified;
      } catch (UnprovenException e) {
        closest = Refusals.moreTelling(closest, e);
      }
    }
    throw requireNonNull(closest, "there is at least one root");
  }

  /// Signed, but about this artifact? Envelopes were asked where they were proven. Only called on
  /// proven bytes.
  private void checkAbout() throws UnprovenException {
    if (content instanceof SimpleSigning simple) {
      simple.checkSubject(artifact);
    }
  }

  private void checkMaterial(boolean certificate, TrustedSigner signer) throws UnprovenException {
    switch (content.material()) {
      case SigningMaterial.Key _ -> {
        if (certificate) {
          throw new UnprovenException(
              KEY_INSTEAD_OF_CERTIFICATE,
              "it was signed with a key, and %s signs with a certificate".formatted(signer.name()));
        }
      }
      case SigningMaterial.Certificate _ -> {
        if (!certificate) {
          throw new UnprovenException(
              CERTIFICATE_INSTEAD_OF_KEY,
              "it was signed with a certificate, and %s is a key".formatted(signer.name()));
        }
      }
    }
  }

  private static void checkValid(
      Validity validity, Instant time, String words, TrustedSigner signer)
      throws UnprovenException {
    if (!validity.contains(time)) {
      throw new UnprovenException(
          SIGNER_OUTSIDE_VALIDITY, words.formatted(signer.name(), validity, time));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static String brief(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
