package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.oci.Digest;
import dev.referee.testing.Samples;
import dev.referee.verify.signature.Statement;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Verifying;
import dev.referee.verify.sweep.ByteSweep;
import dev.referee.verify.sweep.TimestampPlaces;
import dev.referee.verify.sweep.Verdict;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every bundle that verifies, of the conformance suite and of those that cosign made: a changed
/// byte is refused, or stands where nothing is signed and changes neither signer, content nor time.
class BundleSweepTest {
  private static final String MATERIAL = "value of /verificationMaterial";

  /// Nobody vouches for these, because they prove nothing, or no more than something else does.
  private static final Set<String> UNSIGNED =
      Set.of(
          "blank",
          // The other versions of the form may be asked for no more.
          "value of /mediaType",
          // A hint at what the signature is by.
          MATERIAL + "/publicKey/hint",
          // Witnesses, below what the log signs.
          MATERIAL + "/tlogEntries[]/inclusionProof/checkpoint/envelope",
          // The frame around what an authority signs; its certificate, where the trust root has it,
          // too; and timestamps by nobody who is trusted.
          "signedTimestamp: what nobody signs",
          "signedTimestamp: the signer's certificate",
          "signedTimestamp: of nobody who is trusted");

  static List<Conformance.Case> cases() {
    return ConformanceTest.accepted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void provesNoMoreOfTheSuiteWithAnyByteChanged(Conformance.Case example)
      throws UnprovenException, UnusableKeyException {
    assumeTrue(Conformance.folder().isPresent(), "SKIPPED: the shared vectors are not there");

    sweep(example.name(), example.bundle(), example.verifying());
  }

  private static final List<String> BY_KEY =
      List.of(
          "cosign-v3-sign-key-notlog/blob_c0810c08e7dd",
          "cosign-v3-attest-key-notlog/blob_12d033da0e1d",
          "cosign-v3-attest-key-notlog/blob_63315d7df3d3",
          "cosign-v3-attest-key-notlog/blob_a6288ea75ebd",
          "cosign-v3-attest-key-notlog/blob_a892550137fa",
          "cosign-v3-attest-key-notlog/blob_d2a06027b0e5",
          "cosign-v3-attest-key-notlog/blob_d309e51a1ce4",
          "cosign-v3-recursive/blob_62225400908f",
          "cosign-v3-recursive/blob_895dd5fdf007",
          "cosign-v3-recursive/blob_d96e1e0425d4");

  private static final String BY_CERTIFICATE = "cosign-v3-cert-tsa/blob_7f7aa849378c";

  static List<String> byKey() {
    return BY_KEY;
  }

  @ParameterizedTest
  @MethodSource("byKey")
  void provesNoMoreOfCosignsKeysWithAnyByteChanged(String file)
      throws UnprovenException, UnusableKeyException {
    var bundle = sample(file);
    var key = TrustedKey.parse(new String(sample("cosign.pub"), ISO_8859_1), null);
    var artifact = new Artifact.Named(subject(bundle));

    sweep(file, bundle, changed -> BundleVerifier.verifyByKeyAlone(changed, artifact, key));
  }

  @Test
  void provesNoMoreOfCosignsCertificatesWithAnyByteChanged()
      throws UnprovenException, UnusableTrustRootException {
    var bundle = sample(BY_CERTIFICATE);
    var root = TrustRootReader.read(sample("tr.json")).getFirst();
    var artifact = new Artifact.Named(Samples.SUBJECT);

    sweep(BY_CERTIFICATE, bundle, byCertificate(root, artifact));
  }

  private static Verifying byCertificate(TrustRoot root, Artifact artifact) {
    var verifier = new BundleVerifier(root, new ProofProfile(0, 0, 1));
    var alice =
        List.of(
            CertificateIdentity.ofName(
                Map.of(CertificateClaim.SUBJECT, "alice@example.com"), Map.of()));
    var now = Instant.parse("2026-12-01T00:00:00Z");
    return bundle -> verifier.verifyIssued(Presented.of(bundle, artifact), alice, now);
  }

  /// Whatever cosign made is swept over: every blob of its samples that is a bundle.
  @Test
  void forgetsNoBundle() {
    var bundles = new ArrayList<String>();
    for (var folder : Samples.files(samples())) {
      if (Files.isDirectory(folder)) {
        for (var file : Samples.files(folder)) {
          if (new String(Conformance.bytes(file), ISO_8859_1).contains("dsseEnvelope")) {
            bundles.add(samples().relativize(file).toString());
          }
        }
      }
    }
    var swept = new ArrayList<>(BY_KEY);
    swept.add(BY_CERTIFICATE);
    assertThat(bundles).containsExactlyInAnyOrderElementsOf(swept);
  }

  private static void sweep(String name, byte[] original, Verifying verifying)
      throws UnprovenException {
    var whole = BundleReader.read(original, Conformance.MAX_BYTES);
    ByteSweep.run(
        name,
        original,
        TimestampPlaces.of(original, timestampsCount(whole, verifying)),
        UNSIGNED,
        changed -> {
          var bundle = BundleReader.read(changed, Conformance.MAX_BYTES);
          return verdict(bundle, verifying.verify(bundle));
        });
  }

  /// Whether anything is proven by the timestamps that is not proven without them.
  private static boolean timestampsCount(Bundle bundle, Verifying verifying)
      throws UnprovenException {
    var times = verifying.verify(bundle).times();
    try {
      var without =
          new Bundle(
              bundle.version(), bundle.content(), bundle.material(), bundle.entries(), List.of());
      return !verifying.verify(without).times().equals(times);
    } catch (UnprovenException e) {
      return true;
    }
  }

  private static Verdict verdict(Bundle bundle, VerifiedBundle verified) {
    return new Verdict(
        content(bundle, verified),
        List.of(verified.claims(), signer(bundle)),
        verified.times(),
        verified.until());
  }

  private static Object content(Bundle bundle, VerifiedBundle verified) {
    return switch (bundle.content()) {
      // The artifact is what was asked about.
      case Bundle.Content.Message _ -> "the artifact itself";
      case Bundle.Content.Envelope(var envelope) ->
          List.of(
              envelope.payloadType(),
              Base64.getEncoder().encodeToString(envelope.payload()),
              requireNonNull(verified.statement(), "an envelope makes a statement"));
    };
  }

  private static Object signer(Bundle bundle) {
    try {
      return switch (bundle.material()) {
        case Bundle.Material.Certificate certificate -> Digest.of(certificate.leaf().getEncoded());
        // The key is what was asked about.
        case Bundle.Material.Key _ -> "the key";
      };
    } catch (CertificateEncodingException e) {
      throw new AssertionError("a certificate that was read has an encoding", e);
    }
  }

  private static Digest subject(byte[] bundle) throws UnprovenException {
    return switch (BundleReader.read(bundle, Conformance.MAX_BYTES).content()) {
      case Bundle.Content.Message _ -> throw new AssertionError("it makes a statement");
      case Bundle.Content.Envelope(var envelope) ->
          Digest.parse("sha256:" + Statement.parse(envelope).subjects().getFirst().get("sha256"));
    };
  }

  private static Path samples() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    return Samples.folder().orElseThrow();
  }

  private static byte[] sample(String file) {
    return Conformance.bytes(samples().resolve(file));
  }
}
