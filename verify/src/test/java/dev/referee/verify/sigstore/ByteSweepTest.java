package dev.referee.verify.sigstore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.testing.Samples;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Case;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.UnusableKeyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One byte of a bundle that verifies becomes any other: refused, or, in the fields of a list,
/// which prove nothing, without any effect on who signed what, and when. The conformance suite's
/// bundles, and those that cosign made.
///
/// All changes of one file are a few millions. `-Dreferee.mutations=20000` tries so many of each,
/// for minutes; a build tries fewer, other ones for another `-Dreferee.seed`.
class ByteSweepTest {
  private static final int CHANGES = Integer.getInteger("referee.mutations", 300);
  private static final long SEED = Long.getLong("referee.seed", 20261127);
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\"\\s*:");

  /// The member in whose name or value a byte may change without a refusal, and why.
  private static final List<String> PROVE_NOTHING =
      List.of(
          // The version of the form, where the other versions ask for no more.
          "mediaType",
          // Hints.
          "hint",
          "keyid",
          "publicKey",
          "messageDigest",
          "algorithm",
          // Certificates beside the signer's that are not needed.
          "rawBytes",
          // The frame of a timestamp around what is signed, and timestamps beside other proofs of
          // time.
          "signedTimestamp",
          "rfc3161Timestamps",
          "timestampVerificationData",
          // Witnesses below a checkpoint.
          "envelope",
          // What Rekor v2 does not sign, and proofs that a promise replaces in the first version.
          "logIndex",
          "integratedTime",
          "inclusionPromise",
          "signedEntryTimestamp",
          "inclusionProof",
          "checkpoint",
          "hashes");

  /// Something that verifies.
  interface Verification {
    VerifiedBundle of(byte[] bundle) throws UnprovenException;
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  record Accepted(String name, byte[] bundle, Verification verification) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Accepted> accepted() {
    var accepted = new ArrayList<Accepted>();
    ConformanceTest.accepted().forEach(example -> accepted.add(ofSuite(example)));
    Samples.folder()
        .ifPresent(
            folder -> {
              accepted.add(ofCosign(folder, "cosign-v3-sign-key-notlog/blob_c0810c08e7dd"));
              accepted.add(ofCosign(folder, "cosign-v3-attest-key-notlog/blob_12d033da0e1d"));
              accepted.add(ofCosign(folder, "cosign-v3-attest-key-notlog/blob_d2a06027b0e5"));
              accepted.add(ofCosign(folder, "cosign-v3-recursive/blob_895dd5fdf007"));
            });
    return accepted;
  }

  private static Accepted ofSuite(Case example) {
    return new Accepted(
        example.name(),
        Conformance.folder().isEmpty() ? new byte[0] : example.bundle(),
        bundle -> {
          try {
            return example.verify(bundle, false);
          } catch (UnusableKeyException e) {
            throw new AssertionError("the case's key is one", e);
          }
        });
  }

  private static Accepted ofCosign(Path folder, String file) {
    var image = new Artifact.Named(Samples.SUBJECT);
    var key = key(folder);
    return new Accepted(
        file,
        Conformance.bytes(folder.resolve(file)),
        bundle ->
            BundleVerifier.verifyByKeyAlone(
                BundleReader.read(bundle, Conformance.MAX_BYTES), image, key));
  }

  private static TrustedKey key(Path folder) {
    try {
      return TrustedKey.parse(
          new String(Conformance.bytes(folder.resolve("cosign.pub")), ISO_8859_1), null);
    } catch (UnusableKeyException e) {
      throw new AssertionError("cosign's key is one", e);
    }
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void provesNoMoreWithAnyByteChanged(Accepted accepted) throws UnprovenException {
    assumeTrue(accepted.bundle().length > 0, "SKIPPED: the shared vectors are not there");
    var original = accepted.verification().of(accepted.bundle());
    var random = new Random(SEED);
    int refused = 0;

    for (int i = 0; i < CHANGES; i++) {
      var changed = accepted.bundle().clone();
      int at = random.nextInt(changed.length);
      changed[at] = (byte) (changed[at] + 1 + random.nextInt(255));
      try {
        var verified = accepted.verification().of(changed);

        var where =
            "seed %d, byte %d became %d, in %s"
                .formatted(SEED, at, changed[at], member(accepted, at));
        assertThat(verified.claims()).as(where).isEqualTo(original.claims());
        assertThat(verified.statement()).as(where).isEqualTo(original.statement());
        assertThat(original.times()).as(where).containsAll(verified.times());
        assertThat(isBlank(accepted, at) || PROVE_NOTHING.contains(member(accepted, at)))
            .as(where)
            .isTrue();
      } catch (UnprovenException e) {
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(CHANGES / 3);
  }

  private static boolean isBlank(Accepted accepted, int at) {
    return Character.isWhitespace(accepted.bundle()[at]);
  }

  /// The last member whose name begins before that place.
  private static String member(Accepted accepted, int at) {
    var text = new String(accepted.bundle(), ISO_8859_1);
    var members = MEMBER.matcher(text);
    var last = "";
    while (members.find() && members.start() <= at) {
      last = members.group(1);
    }
    return last;
  }
}
