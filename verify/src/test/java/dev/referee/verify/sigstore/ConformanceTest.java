package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_INVALID;
import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.decision.Reason.KEY_INSTEAD_OF_CERTIFICATE;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISMATCH;
import static dev.referee.verify.decision.Reason.LOG_PROMISE_INVALID;
import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.SCT_UNTRUSTED;
import static dev.referee.verify.decision.Reason.SIGNATURE_INVALID;
import static dev.referee.verify.decision.Reason.SUBJECT_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_MISMATCH;
import static dev.referee.verify.decision.Reason.TIMESTAMP_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.TIMESTAMP_UNTRUSTED;
import static dev.referee.verify.decision.Reason.TIME_UNPROVEN;
import static dev.referee.verify.decision.Reason.TRUST_ROOT_INVALID;
import static dev.referee.verify.decision.Reason.UNSUPPORTED_EVIDENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.referee.verify.decision.Reason;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.sigstore.Conformance.Case;
import dev.referee.verify.trust.UnusableKeyException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All cases of the sigstore-conformance suite, by artifact and by digest: what must verify does,
/// and what must not is refused for its own reason, not for one that happens to come first.
class ConformanceTest {
  private record Refusal(Reason reason, String words) {}

  /// Whose key is none, which is found out before any bundle is looked at.
  private static final String WRONG_KEY = "managed-key-wrong-key_fail";

  private static final Map<String, Refusal> REFUSALS =
      Map.ofEntries(
          refusal("bundle-empty-certificate-chain", MALFORMED_EVIDENCE, "0 certificates"),
          refusal("bundle-from-wrong-instance", LOG_UNKNOWN, "does not name"),
          refusal("bundle-invalid-base64-signature", MALFORMED_EVIDENCE, "signature is not base64"),
          refusal("bundle-malformed-json", MALFORMED_EVIDENCE, "not well-formed JSON"),
          refusal("bundle-negative-log-index", MALFORMED_EVIDENCE, "logIndex"),
          refusal("bundle-unknown-version", UNSUPPORTED_EVIDENCE, "version=99.9"),
          refusal("bundle-with-root-cert", CERTIFICATE_INVALID, "root certificate"),
          refusal("checkpoint-bad-keyhint", CHECKPOINT_INVALID, "not signed by"),
          refusal("checkpoint-wrong-roothash", CHECKPOINT_INVALID, "another tree"),
          refusal("dsse-invalid-sig", SIGNATURE_INVALID, "not by the key"),
          refusal("dsse-mismatch-envelope", LOG_ENTRY_MISMATCH, "another payload"),
          refusal("dsse-mismatch-sig", LOG_ENTRY_MISMATCH, "another signature"),
          refusal("inclusion-proof-corrupted-hash", INCLUSION_PROOF_INVALID, "does not lead"),
          refusal("incorrect-public-key", LOG_ENTRY_MISMATCH, "by somebody else"),
          refusal(
              "integrated-time-in-future",
              CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
              "2026-05-07T15:34:11Z"),
          refusal(
              "intoto-expired-certificate",
              CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
              "2023-02-01T00:00:00Z"),
          refusal("intoto-log-entry-mismatch", LOG_ENTRY_MISMATCH, "base64 twice"),
          refusal("intoto-missing-inclusion-proof", INCLUSION_PROOF_MISSING, "without a proof"),
          refusal(
              "intoto-set-outside-signing-cert-validity",
              CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
              "2023-02-02T00:00:00Z"),
          refusal(
              "intoto-tsa-timestamp-outside-cert-validity",
              CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
              "2023-02-02T00:00:00Z"),
          refusal("invalid-checkpoint-signature", CHECKPOINT_INVALID, "not signed by"),
          refusal("invalid-ct-key", SCT_UNTRUSTED, "no log"),
          refusal("invalid-inclusion-proof", INCLUSION_PROOF_INVALID, "does not lead"),
          refusal("managed-key-no-key", KEY_INSTEAD_OF_CERTIFICATE, "with a key"),
          refusal("message-digest-mismatch", SUBJECT_MISMATCH, "another artifact"),
          refusal("rekor2-checkpoint-missing-log-signature", CHECKPOINT_INVALID, "signature"),
          refusal("rekor2-checkpoint-missing-origin", CHECKPOINT_INVALID, "origin"),
          refusal("rekor2-checkpoint-missing-root-hash", CHECKPOINT_INVALID, "root"),
          refusal("rekor2-checkpoint-missing-size", CHECKPOINT_INVALID, "size"),
          refusal("rekor2-checkpoint-no-matching-signature", CHECKPOINT_INVALID, "another log"),
          refusal("rekor2-dsse-invalid-sig", SIGNATURE_INVALID, "not by the key"),
          refusal("rekor2-dsse-mismatch-envelope", LOG_ENTRY_MISMATCH, "another artifact"),
          refusal("rekor2-dsse-mismatch-sig", LOG_ENTRY_MISMATCH, "another signature"),
          refusal("rekor2-no-inclusion-proof", INCLUSION_PROOF_MISSING, "without a proof"),
          refusal("rekor2-no-timestamp", TIME_UNPROVEN, "nobody who is trusted"),
          refusal(
              "rekor2-timestamp-outside-trust-root-tsa-validity",
              TIMESTAMP_OUTSIDE_VALIDITY,
              "not trusted"),
          refusal(
              "rekor2-timestamp-outside-tsa-cert-validity",
              TIMESTAMP_OUTSIDE_VALIDITY,
              "not valid"),
          refusal("rekor2-timestamp-payload-mismatch", TIMESTAMP_MISMATCH, "another signature"),
          refusal(
              "rekor2-timestamp-untrusted-tsa-with-embedded-cert",
              TIMESTAMP_UNTRUSTED,
              "does not name"),
          refusal(
              "rekor2-timestamp-untrusted-tsa-without-embedded-cert",
              TIMESTAMP_UNTRUSTED,
              "does not name"),
          refusal(
              "rekor2-timestamp-with-incorrect-time",
              CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
              "it was signed at"),
          refusal("set-invalid-signature", LOG_PROMISE_INVALID, "not signed by the log"),
          refusal("signature-mismatch", SIGNATURE_INVALID, "not by the key"),
          refusal("trust-root-tlog-missing-validity-start", TRUST_ROOT_INVALID, "since when"),
          refusal("wrong-hashedrekord-artifact", LOG_ENTRY_MISMATCH, "another artifact"),
          refusal("wrong-hashedrekord-cert-and-sig", LOG_ENTRY_MISMATCH, "another signature"),
          refusal("wrong-hashedrekord-entry", LOG_ENTRY_MISMATCH, "another artifact"),
          refusal("wrong-material", SUBJECT_MISMATCH, "another artifact"));

  private static Map.Entry<String, Refusal> refusal(String name, Reason reason, String words) {
    return Map.entry(name + "_fail", new Refusal(reason, words));
  }

  @BeforeEach
  void findSuite() {
    assumeTrue(
        Conformance.folder().isPresent(), "SKIPPED: the sigstore-conformance suite is not there");
  }

  static List<Case> accepted() {
    return Conformance.orSkipped(Conformance.cases().stream().filter(Case::mustVerify).toList());
  }

  static List<Case> refused() {
    return Conformance.orSkipped(
        Conformance.cases().stream()
            .filter(c -> !c.mustVerify() && !c.name().equals(WRONG_KEY))
            .toList());
  }

  @Test
  void knowsEveryCase() {
    assertThat(Conformance.cases()).hasSize(70);
    assertThat(accepted()).hasSize(21);
    assertThat(refused().stream().map(Case::name).collect(Collectors.toSet()))
        .isEqualTo(REFUSALS.keySet());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void acceptsByArtifactAndByDigest(Case example) throws UnprovenException, UnusableKeyException {
    assertThat(example.verify(example.bundle(), false).times()).isNotEmpty();
    assertThat(example.verify(example.bundle(), true).times()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesForItsOwnReasonByArtifactAndByDigest(Case example) {
    var expected = requireNonNull(REFUSALS.get(example.name()), "a case without a reason");
    for (var byDigest : List.of(false, true)) {
      assertThatThrownBy(() -> example.verify(example.bundle(), byDigest))
          .isInstanceOfSatisfying(
              UnprovenException.class,
              e -> {
                assertThat(e.reason()).as(e.sentence()).isEqualTo(expected.reason());
                assertThat(e.sentence()).contains(expected.words());
              });
    }
  }

  /// The suite's wrong key is not a point on any curve.
  @Test
  void refusesAKeyThatIsNone() {
    var example = Conformance.cases().stream().filter(c -> c.name().equals(WRONG_KEY)).findFirst();

    assertThatThrownBy(() -> example.orElseThrow().verify(example.get().bundle(), false))
        .isInstanceOf(UnusableKeyException.class);
  }
}
