package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.Digest;
import dev.referee.testing.Statements;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A Sigstore instance at noon, what it signs, and what it takes to verify that.
final class Virtual {
  static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  static final byte[] ARTIFACT = "app".getBytes(US_ASCII);
  static final byte[] STATEMENT = Statements.bytes(Statements.signature(Digest.of(ARTIFACT)));
  static final CertificateIdentity WORKFLOW = identity(Signing.WORKFLOW, Signing.ISSUER);

  /// What the public instance proves.
  static final ProofProfile STRICT = ProofProfile.STRICT;

  private static final int MAX_BYTES = 1 << 20;

  private Virtual() {}

  static VirtualSigstore sigstore() {
    return VirtualSigstore.create(33, CLOCK);
  }

  /// Another instance, which has nothing to do with the first one but all of its names.
  static VirtualSigstore stranger() {
    return VirtualSigstore.create(666, CLOCK);
  }

  static CertificateIdentity identity(String subject, String issuer) {
    return CertificateIdentity.of(
        Map.of(CertificateClaim.SUBJECT, subject, CertificateClaim.ISSUER, issuer), Map.of());
  }

  static VerifiedBundle verify(VirtualSigstore sigstore, Signing signing) throws UnprovenException {
    return verify(sigstore.trustRoot(), signing, STRICT);
  }

  static VerifiedBundle verify(byte[] trustRoot, Signing signing, ProofProfile profile)
      throws UnprovenException {
    return verify(trustRoot, signing.sign(), profile, WORKFLOW);
  }

  static VerifiedBundle verify(
      byte[] trustRoot, byte[] bundle, ProofProfile profile, CertificateIdentity identity)
      throws UnprovenException {
    return verifier(trustRoot, profile)
        .verify(read(bundle), new Artifact.Content(ARTIFACT), List.of(identity));
  }

  static VerifiedBundle verifyByKey(byte[] trustRoot, Signing signing, String keyPem)
      throws UnprovenException {
    return verifier(trustRoot, STRICT)
        .verify(read(signing.sign()), new Artifact.Content(ARTIFACT), key(keyPem));
  }

  static BundleVerifier verifier(byte[] trustRoot, ProofProfile profile) {
    try {
      return new BundleVerifier(TrustRootReader.read(trustRoot).getFirst(), profile);
    } catch (UnusableTrustRootException e) {
      throw new AssertionError(new String(trustRoot, UTF_8), e);
    }
  }

  static Bundle read(byte[] bundle) throws UnprovenException {
    return BundleReader.read(bundle, MAX_BYTES);
  }

  static TrustedKey key(String pem) {
    try {
      return TrustedKey.parse(pem, null);
    } catch (UnusableKeyException e) {
      throw new AssertionError("a key of ours is usable", e);
    }
  }

  /// The trust root with another end of somebody's window.
  ///
  /// @param pointer to whoever it is, in JSON pointer form
  static Consumer<ObjectNode> until(String pointer, Instant end) {
    return root -> ((ObjectNode) root.at(pointer + "/validFor")).put("end", end.toString());
  }

  /// The trust root with another start of somebody's window.
  static Consumer<ObjectNode> since(String pointer, Instant start) {
    return root -> ((ObjectNode) root.at(pointer + "/validFor")).put("start", start.toString());
  }

  /// Something that may be refused.
  interface Verification {
    VerifiedBundle run() throws UnprovenException;
  }

  /// Insists on a refusal by that reason, for what these words say.
  static void refuses(Reason reason, String words, Verification verification) {
    assertThatThrownBy(verification::run)
        .isInstanceOfSatisfying(
            UnprovenException.class,
            e -> {
              assertThat(e.reason()).as(e.sentence()).isEqualTo(reason);
              assertThat(e.sentence()).contains(words);
            });
  }

  /// The same for a bundle by the trust root of the instance that made it.
  static void refuses(Reason reason, String words, VirtualSigstore sigstore, Signing signing) {
    refuses(reason, words, () -> verify(sigstore, signing));
  }
}
