package dev.referee.verify.signature;

import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MediaType;
import dev.referee.testing.SigningKey;
import dev.referee.verify.proof.SignerVerifier;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.UnusableKeyException;
import java.time.Instant;
import java.util.Map;

/// What anybody can push beside an image: for any bytes a reasoned refusal, and never a proof,
/// since no fuzzer has the key.
class SignatureFuzz {
  private static final int MAX_BYTES = 1 << 20;
  private static final Digest ARTIFACT = Digest.of(new byte[] {1});
  private static final TrustedSigner SIGNER = signer();

  @FuzzTest(maxDuration = "2m")
  void bundle(byte[] content) {
    expectNoProof(() -> SigstoreBundle.parse(content, MAX_BYTES));
  }

  @FuzzTest(maxDuration = "2m")
  void envelope(byte[] content) {
    expectNoProof(() -> SignedEnvelope.ofLayer(content, MAX_BYTES, CosignAnnotations.NONE));
  }

  @FuzzTest(maxDuration = "2m")
  void simpleSigning(FuzzedDataProvider data) {
    var signature = data.consumeString(256);
    var layer =
        new Descriptor(
            MediaType.of("application/vnd.dev.cosign.simplesigning.v1+json"),
            ARTIFACT,
            1,
            null,
            Map.of("dev.cosignproject.cosign/signature", signature),
            null);
    expectNoProof(() -> SimpleSigning.ofLayer(layer, data.consumeRemainingAsBytes()));
  }

  /// Payloads are parsed only after they were proven; this is what that parser sees.
  @FuzzTest(maxDuration = "2m")
  void payload(byte[] payload) {
    try {
      SimpleSigning.ofLayer(
              new Descriptor(
                  MediaType.of("text/plain"),
                  ARTIFACT,
                  1,
                  null,
                  Map.of("dev.cosignproject.cosign/signature", "AAAA"),
                  null),
              payload)
          .checkSubject(ARTIFACT);
    } catch (UnprovenException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
    }
  }

  private interface Reading {
    SignedContent read() throws UnprovenException;
  }

  private static void expectNoProof(Reading reading) {
    try {
      new SignerVerifier(reading.read(), ARTIFACT, Instant.EPOCH).signature(SIGNER);
    } catch (UnprovenException e) {
      requireNonNull(e.reason(), "a refusal has a reason");
      return;
    }
    throw new AssertionError("bytes that nobody signed were proven");
  }

  private static TrustedSigner signer() {
    try {
      return TrustedSigner.of(
          ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "ci"),
          TrustedKey.parse(SigningKey.p256().publicKeyPem(), null));
    } catch (UnusableKeyException e) {
      throw new IllegalStateException("a key of ours is usable", e);
    }
  }
}
