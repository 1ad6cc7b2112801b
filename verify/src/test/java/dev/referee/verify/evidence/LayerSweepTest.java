package dev.referee.verify.evidence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.Samples;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.proof.Proof;
import dev.referee.verify.proof.SignerVerifier;
import dev.referee.verify.signature.CosignAnnotations;
import dev.referee.verify.signature.SignedContent;
import dev.referee.verify.signature.SignedEnvelope;
import dev.referee.verify.signature.SimpleSigning;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.BundleVerifier;
import dev.referee.verify.sigstore.CosignLayer;
import dev.referee.verify.sweep.ByteSweep;
import dev.referee.verify.sweep.JsonPlaces;
import dev.referee.verify.sweep.Places;
import dev.referee.verify.sweep.Verdict;
import dev.referee.verify.trust.CertificateClaim;
import dev.referee.verify.trust.CertificateIdentity;
import dev.referee.verify.trust.ProofProfile;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustRootReader;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedSigner;
import dev.referee.verify.trust.UnusableKeyException;
import dev.referee.verify.trust.UnusableTrustRootException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The older forms of cosign: their manifests, in whose annotations signatures and certificates
/// stand, and their layers. A changed byte is refused, or stands where nothing is signed and
/// changes neither signer, content nor time.
class LayerSweepTest {
  private static final String OTHER_LAYER = "a layer that proves nothing to begin with";
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
  private static final int MAX_BYTES = 1 << 20;

  /// Of a manifest: what is not evidence. Whoever can push manifests writes them.
  private static final Set<String> MANIFEST =
      Set.of(
          "blank",
          // What its kind is known by all the same.
          "name of /mediaType",
          "value of /config/mediaType",
          "value of /config/digest",
          "value of /config/size",
          // By whose digest it was found, and what it is asked about.
          "name of /subject",
          "value of /subject/mediaType",
          "value of /subject/digest",
          "value of /subject/size",
          OTHER_LAYER);

  /// Of the layer of a signature: its signature counts, and its content.
  private static final Set<String> SIGNATURE = MANIFEST;

  /// Of the layer of an attestation: its content alone counts.
  private static final Set<String> ATTESTATION =
      with(
          "name of /layers[]/annotations",
          "name of /layers[]/annotations/predicateType",
          "value of /layers[]/annotations/predicateType",
          "name of /layers[]/annotations/dev.cosignproject.cosign/signature");

  /// Of a layer with a certificate: the frame of its timestamp, too, and the chain above it where
  /// the authority is trusted itself.
  private static final Set<String> CERTIFICATE =
      with(
          // Whom it names may be trusted itself.
          "name of /layers[]/annotations/dev.sigstore.cosign/chain",
          // What stands around the PEM.
          "value of /layers[]/annotations/dev.sigstore.cosign/certificate",
          // The frame around what an authority signs.
          "value of /layers[]/annotations/dev.sigstore.cosign/rfc3161timestamp");

  private static Set<String> with(String... places) {
    return Stream.concat(MANIFEST.stream(), Stream.of(places)).collect(Collectors.toSet());
  }

  /// No place at all.
  private static final Set<String> NOWHERE = Set.of();

  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    folder = Samples.folder().orElseThrow();
  }

  private static final String SIG = "/tag_" + Samples.SUBJECT.tagForm() + ".sig.json";
  private static final String ATT = "/tag_" + Samples.SUBJECT.tagForm() + ".att.json";
  private static final String BY_CERTIFICATE = "cosign-legacy-cert-tsa" + SIG;

  private static final List<String> BY_KEY =
      List.of(
          "cosign-legacy-sig" + SIG,
          "cosign-legacy-sig-and-sbom" + SIG,
          "cosign-legacy-att" + ATT,
          "cosign-oci11-legacy-sig/manifest_d3272dbdfad2.json",
          "cosign-oci11-sig-and-sbom/manifest_d3272dbdfad2.json");

  static List<String> byKey() {
    return BY_KEY;
  }

  /// What one layer proves.
  private interface Layer {
    Verdict prove(SignedContent content) throws UnprovenException;
  }

  @ParameterizedTest
  @MethodSource("byKey")
  void provesNoMoreByKeyWithAnyByteOfAManifestChanged(String file) throws UnprovenException {
    sweepManifest(file, file.endsWith(ATT) ? ATTESTATION : SIGNATURE, byKey(key()));
  }

  @Test
  void provesNoMoreByCertificateWithAnyByteOfAManifestChanged() throws UnprovenException {
    sweepManifest(BY_CERTIFICATE, CERTIFICATE, byCertificate(root()));
  }

  @ParameterizedTest
  @MethodSource("byKey")
  void provesNoMoreByKeyWithAnyByteOfALayerChanged(String file) throws UnprovenException {
    sweepLayers(file, byKey(key()));
  }

  @Test
  void provesNoMoreByCertificateWithAnyByteOfALayerChanged() throws UnprovenException {
    sweepLayers(BY_CERTIFICATE, byCertificate(root()));
  }

  /// Every manifest with such layers is swept over.
  @Test
  void forgetsNoManifest() {
    var manifests = new ArrayList<String>();
    for (var sample : Samples.files(folder)) {
      if (Files.isDirectory(sample)) {
        for (var file : Samples.files(sample)) {
          var text = new String(bytes(file), ISO_8859_1);
          if (text.contains("dev.cosignproject.cosign/signature")) {
            manifests.add(folder.relativize(file).toString());
          }
        }
      }
    }
    var swept = new ArrayList<>(BY_KEY);
    swept.add(BY_CERTIFICATE);
    assertThat(manifests).containsExactlyInAnyOrderElementsOf(swept);
  }

  /// The layers' content stays what its digest says.
  private void sweepManifest(String file, Set<String> unsigned, Layer layer)
      throws UnprovenException {
    var original = bytes(folder.resolve(file));
    var repository = Samples.repository(folder.resolve(file).resolveSibling(""));
    var all = proven(original, repository, layer);
    ByteSweep.run(
        file,
        original,
        places(file, original, layer),
        unsigned,
        changed -> {
          var verdicts = proven(changed, repository, layer);
          if (verdicts.size() < all.size() && all.containsAll(verdicts)) {
            throw new UnprovenException(Reason.UNSIGNED, "a layer proves nothing any more");
          }
          return together(verdicts);
        });
  }

  private Places places(String file, byte[] manifest, Layer layer) throws UnprovenException {
    var layers = image(manifest).layers();
    var names = new HashMap<String, String>();
    for (int i = 0; i < layers.size(); i++) {
      var content = bytes(folder.resolve(file).resolveSibling(blob(layers.get(i))));
      names.put("/layers/" + i, isProven(layers.get(i), content, layer) ? "/layers[]" : "");
    }
    var places =
        JsonPlaces.of(
            manifest,
            path -> {
              for (var name : names.entrySet()) {
                if ((path + "/").startsWith(name.getKey() + "/")) {
                  return name.getValue().isEmpty()
                      ? OTHER_LAYER
                      : name.getValue() + path.substring(name.getKey().length());
                }
              }
              return path;
            });
    return at -> places.of(at).endsWith(OTHER_LAYER) ? OTHER_LAYER : places.of(at);
  }

  private static String blob(Descriptor layer) {
    return "blob_" + layer.digest().hex().substring(0, 12);
  }

  private static Verdict together(Set<Verdict> verdicts) {
    var first = verdicts.iterator().next();
    return verdicts.size() == 1
        ? first
        : new Verdict(verdicts, first.identity(), first.times(), first.until());
  }

  private static Set<Verdict> proven(byte[] manifest, MemoryRepository repository, Layer layer)
      throws UnprovenException {
    var verdicts = new HashSet<Verdict>();
    try (var reader = new EvidenceReader(repository)) {
      var deadline = Deadline.in(Duration.ofMinutes(5));
      for (var read : SignedLayers.read(reader, image(manifest), MAX_BYTES, deadline)) {
        if (read instanceof SignedLayers.Layer.Parsed parsed) {
          try {
            verdicts.add(layer.prove(parsed.content()));
          } catch (UnprovenException e) {
            // Then it is missing.
            assertThat(e.reason()).isNotEqualTo(Reason.INTERNAL_ERROR);
          }
        }
      }
    } catch (UnreadableException e) {
      throw new UnprovenException(e.reason(), e.sentence());
    }
    return verdicts;
  }

  private static ImageManifest image(byte[] manifest) throws UnprovenException {
    try {
      if (Manifest.parse(manifest, null) instanceof ImageManifest image) {
        return image;
      }
      throw new UnprovenException(Reason.UNSUPPORTED_EVIDENCE, "it is an index");
    } catch (MalformedContentException e) {
      throw new UnprovenException(Reason.MALFORMED_EVIDENCE, String.valueOf(e.getMessage()));
    }
  }

  /// Whoever changes a layer gives it a new digest.
  private void sweepLayers(String file, Layer layer) throws UnprovenException {
    int proven = 0;
    for (var descriptor : image(bytes(folder.resolve(file))).layers()) {
      var blob = blob(descriptor);
      var original = bytes(folder.resolve(file).resolveSibling(blob));
      if (isProven(descriptor, original, layer)) {
        ByteSweep.run(
            file + ", " + blob,
            original,
            JsonPlaces.of(original),
            NOWHERE,
            changed -> layer.prove(content(descriptor, changed)));
        proven++;
      }
    }
    assertThat(proven).isPositive();
  }

  private static boolean isProven(Descriptor descriptor, byte[] content, Layer layer) {
    try {
      layer.prove(content(descriptor, content));
      return true;
    } catch (UnprovenException e) {
      return false;
    }
  }

  private static SignedContent content(Descriptor layer, byte[] content) throws UnprovenException {
    return EvidenceTypes.isSimpleSigning(layer)
        ? SimpleSigning.ofLayer(layer, content)
        : SignedEnvelope.ofLayer(content, MAX_BYTES, CosignAnnotations.of(layer));
  }

  private static Layer byKey(TrustedKey key) {
    var cosign =
        TrustedSigner.of(ResourceId.clusterWide(ResourceKind.CLUSTER_SIGNER, "cosign"), key);
    return content -> {
      Proof proof = new SignerVerifier(content, Samples.SUBJECT, NOW).prove(cosign);
      return new Verdict(signed(content, proof), proof.holder(), List.of(), proof.until());
    };
  }

  /// Every byte of what was signed, and what was read out of it.
  private static Object signed(SignedContent content, Proof proof) {
    return switch (content) {
      case SimpleSigning simple -> Base64.getEncoder().encodeToString(simple.payload());
      case SignedEnvelope envelope ->
          List.of(
              envelope.envelope().payloadType(),
              Base64.getEncoder().encodeToString(envelope.envelope().payload()),
              String.valueOf(proof.statement()));
      default -> throw new AssertionError("a layer of another form");
    };
  }

  private static Layer byCertificate(TrustRoot root) {
    var verifier = new BundleVerifier(root, new ProofProfile(0, 0, 1));
    var alice =
        List.of(
            CertificateIdentity.ofName(
                Map.of(CertificateClaim.SUBJECT, "alice@example.com"), Map.of()));
    return content -> {
      if (!(content instanceof SimpleSigning simple)) {
        throw new AssertionError("a layer of another form");
      }
      var shown =
          CosignLayer.ofSignature(simple.payload(), simple.signature(), simple.annotations());
      var verified = verifier.verifyIssued(shown, alice, NOW);
      simple.checkSubject(Samples.SUBJECT);
      return new Verdict(
          Base64.getEncoder().encodeToString(simple.payload()),
          // The certificate's claims and the certificate itself.
          List.of(verified.claims(), shown.bundle().material()),
          verified.times(),
          verified.until());
    };
  }

  private TrustedKey key() {
    try {
      return TrustedKey.parse(new String(bytes(folder.resolve("cosign.pub")), ISO_8859_1), null);
    } catch (UnusableKeyException e) {
      throw new AssertionError("cosign's key is one", e);
    }
  }

  private TrustRoot root() {
    try {
      return TrustRootReader.read(bytes(folder.resolve("tr.json"))).getFirst();
    } catch (UnusableTrustRootException e) {
      throw new AssertionError("cosign's trust root is one", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
