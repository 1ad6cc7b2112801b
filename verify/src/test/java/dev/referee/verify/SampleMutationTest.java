package dev.referee.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.api.v1alpha1.RequirementSpec;
import dev.referee.api.v1alpha1.SbomFormat;
import dev.referee.oci.Digest;
import dev.referee.testing.MemoryRepository;
import dev.referee.testing.Samples;
import dev.referee.verify.decision.Decision;
import dev.referee.verify.decision.DecisionText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One byte changed in what real signers made: refused, both where the registry serves changed
/// bytes under the old digest and where an attacker has given everything around them new digests.
class SampleMutationTest {
  private Path folder = Path.of("");

  @BeforeEach
  void findFolder() {
    assumeTrue(Samples.folder().isPresent(), "SKIPPED: the folder of shared samples is not there");
    folder = Samples.folder().orElseThrow();
  }

  /// @param file the blob that makes the sample acceptable
  record Sample(String name, String file, RequirementSpec requirement) {}

  static List<Sample> signed() {
    var signature = Policies.signed("cosign");
    var spdx = Policies.sbom(SbomFormat.SPDX, "cosign");
    var cycloneDx = Policies.sbom(SbomFormat.CYCLONEDX, "cosign");
    return List.of(
        new Sample("cosign-v3-sign-key-notlog", "blob_c0810c08e7dd", signature),
        new Sample("cosign-v3-recursive", "blob_895dd5fdf007", signature),
        new Sample("cosign-oci11-legacy-sig", "blob_c40f3580657e", signature),
        new Sample("cosign-oci11-sig-and-sbom", "blob_c40f3580657e", signature),
        new Sample("cosign-legacy-sig", "blob_376b51d73e0a", signature),
        new Sample("cosign-v3-attest-key-notlog", "blob_12d033da0e1d", spdx),
        new Sample("cosign-v3-attest-key-notlog", "blob_d2a06027b0e5", cycloneDx),
        new Sample("cosign-legacy-att", "blob_06837b944767", spdx),
        new Sample("cosign-legacy-att", "blob_9e2dbf5cbadf", cycloneDx));
  }

  static List<Sample> unsigned() {
    var sbom = Policies.sbom();
    return List.of(
        new Sample("cosign-oci11-sig-and-sbom", "blob_388407704932", sbom),
        new Sample("cosign-legacy-sig-and-sbom", "blob_388407704932", sbom),
        new Sample("oras-attach-unsigned", "blob_388407704932", sbom),
        new Sample("oras-attach-unsigned", "blob_27631ab85717", sbom));
  }

  @ParameterizedTest
  @MethodSource({"signed", "unsigned"})
  void refusesChangedBytesUnderTheOldDigest(Sample sample) throws IOException {
    var original = Files.readAllBytes(folder.resolve(sample.name()).resolve(sample.file()));
    var repository = Samples.repository(folder.resolve(sample.name()));
    removeOtherSboms(repository, sample);
    repository.corrupt(Digest.of(original), flipped(original, original.length / 2));

    assertThat(decide(repository, sample).admits()).isFalse();
  }

  /// Every single byte of the signed content. Only the hint at a key may change: it proves nothing,
  /// so it can spoil nothing.
  @ParameterizedTest
  @MethodSource("signed")
  void refusesEveryChangedByteUnderNewDigests(Sample sample) throws IOException {
    var original = Files.readAllBytes(folder.resolve(sample.name()).resolve(sample.file()));
    var text = new String(original, UTF_8);
    int hint = text.indexOf("\"hint\"");
    int hintEnd = hint < 0 ? -1 : text.indexOf('}', hint);
    // The way there is sound: unchanged content comes through it, and so does a changed hint.
    assertThat(decide(readdressed(sample, original), sample).admits()).isTrue();
    if (hint >= 0) {
      var otherHint = flipped(original, hint + "\"hint\":\"".length());
      assertThat(decide(readdressed(sample, otherHint), sample).admits()).isTrue();
    }

    for (int at = 0; at < original.length; at++) {
      var changed = flipped(original, at);
      var decision = decide(readdressed(sample, changed), sample);

      if (at < hint || at >= hintEnd) {
        assertThat(decision.admits())
            .as("byte %d of %s%n%s", at, sample, DecisionText.tree(decision))
            .isFalse();
      }
    }
  }

  /// In cosign's older forms the signature stands in an annotation of the manifest.
  @ParameterizedTest
  @MethodSource("signed")
  void refusesAChangedSignatureAnnotation(Sample sample) throws IOException {
    var key = "\"dev.cosignproject.cosign/signature\":\"";
    for (var file : Samples.files(folder.resolve(sample.name()))) {
      var original = Files.readAllBytes(file);
      var text = new String(original, UTF_8);
      int from = text.indexOf(key) + key.length();
      int to = text.indexOf('"', from);
      if (text.indexOf(key) < 0 || to == from) {
        continue;
      }
      for (int at = from; at < to; at++) {
        var repository = Samples.repository(folder.resolve(sample.name()));
        replace(repository, sample, original, flipped(original, at));

        assertThat(decide(repository, sample).admits()).as("byte %d of %s", at, file).isFalse();
      }
    }
  }

  private Decision decide(MemoryRepository repository, Sample sample) throws IOException {
    var pem = Files.readString(folder.resolve("cosign.pub"));
    return SamplesTest.decide(repository, Samples.SUBJECT, sample.requirement(), pem);
  }

  /// The sample with a changed blob, and with every digest on the way to it made right again.
  private MemoryRepository readdressed(Sample sample, byte[] changed) throws IOException {
    var original = Files.readAllBytes(folder.resolve(sample.name()).resolve(sample.file()));
    var repository = Samples.repository(folder.resolve(sample.name()));
    replace(repository, sample, original, changed);
    return repository;
  }

  private void replace(MemoryRepository repository, Sample sample, byte[] original, byte[] changed)
      throws IOException {
    Map<String, String> renamed = new HashMap<>();
    renamed.put(Digest.of(original).hex(), Digest.of(changed).hex());
    repository.corrupt(Digest.of(changed), changed);
    // Manifests first, then the tags, which are manifests or indexes of them.
    for (var prefix : List.of("manifest_", "tag_")) {
      for (var file : Samples.files(folder.resolve(sample.name()))) {
        var name = String.valueOf(file.getFileName());
        if (name.startsWith(prefix)) {
          var before = Files.readAllBytes(file);
          var after = rewritten(before, original, changed, renamed);
          renamed.put(Digest.of(before).hex(), Digest.of(after).hex());
          repository.corrupt(Digest.of(after), after);
          if (prefix.equals("tag_")) {
            repository.tag(
                name.substring(prefix.length(), name.length() - ".json".length()),
                Digest.of(after));
          }
        }
      }
    }
  }

  private static byte[] rewritten(
      byte[] manifest, byte[] original, byte[] changed, Map<String, String> renamed) {
    if (Arrays.equals(manifest, original)) {
      return changed;
    }
    var text = new String(manifest, UTF_8);
    for (var entry : renamed.entrySet()) {
      text = text.replace(entry.getKey(), entry.getValue());
    }
    return text.getBytes(UTF_8);
  }

  /// Leaves only the SBOM that the test changes.
  private static void removeOtherSboms(MemoryRepository repository, Sample sample) {
    if (sample.name().equals("oras-attach-unsigned")) {
      var other =
          sample.file().equals("blob_388407704932")
              ? "27631ab857176d7531d5ab17d5e03a5d8c918e4cac9415a86c713acb163605dd"
              : "388407704932e14b96533bd45b66253357fa7fc586e3568a594342d74b871681";
      repository.corrupt(Digest.parse("sha256:" + other), new byte[0]);
    }
  }

  private static byte[] flipped(byte[] content, int at) {
    var changed = content.clone();
    changed[at] ^= 1;
    return changed;
  }
}
