package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.TIMESTAMP_INVALID;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.WORKFLOW;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.verify;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.TimestampDraft;
import dev.referee.verify.signature.UnprovenException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What proves a time beside others does so, or is refused: with a byte changed it is never taken
/// for that of somebody unknown, whom nobody asks.
class NothingLeftOutTest {
  /// Which turn a structure of ASN.1 into another of the same length, and a letter into another.
  private static final byte[] BITS = {1, 2, 16};

  private static final String BY_ANOTHER = "names somebody else";
  private static final String CERTIFICATE_AMISS = "does not bring along";

  private static Arguments form(
      String name, Consumer<TimestampDraft> draft, boolean rootAlone, String... refusals) {
    return arguments(name, draft, rootAlone, Set.of(refusals));
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        form("certificates in both", _ -> {}, false, CERTIFICATE_AMISS),
        form("in the token alone", _ -> {}, true, CERTIFICATE_AMISS),
        form("in the trust root alone", TimestampDraft::withoutCertificates, false, BY_ANOTHER),
        form(
            "in the trust root alone, by the older hash",
            t -> t.withoutCertificates().withOlderCertificateHash(),
            false,
            BY_ANOTHER),
        form(
            "in the token alone, by the older hash",
            TimestampDraft::withOlderCertificateHash,
            true,
            CERTIFICATE_AMISS));
  }

  /// The id of a log stands in no signature. Where its promise or its checkpoint is one of a log
  /// that is known, the entry is that log's.
  @ParameterizedTest
  @CsvSource({"0, true", "0, false", "1, false"})
  void refusesAnEntryUnderTheNameOfAnotherLog(int entry, boolean promiseAlone) {
    var sigstore = Virtual.sigstore();
    var bundle =
        sigstore
            .message(ARTIFACT)
            .version(Signing.V0_1)
            .entry(sigstore.rekor1(), _ -> {})
            .entry(sigstore.rekor2(), _ -> {})
            .timestamp(_ -> {})
            .signed();
    var changed = (ObjectNode) bundle.at("/verificationMaterial/tlogEntries/" + entry);
    if (promiseAlone) {
      changed.remove("inclusionProof");
    } else {
      changed.remove("inclusionPromise");
    }
    var id = Base64.getDecoder().decode(changed.at("/logId/keyId").asText());
    for (int at = 0; at < id.length; at++) {
      id[at] ^= 1;
      ((ObjectNode) changed.path("logId")).put("keyId", Base64.getEncoder().encodeToString(id));
      refuses(
          LOG_UNKNOWN,
          "names another log",
          () -> verify(sigstore.trustRoot(), bytes(bundle), STRICT, WORKFLOW));
      id[at] ^= 1;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void provesItsTimeOrIsRefused(
      String name, Consumer<TimestampDraft> draft, boolean rootAlone, Set<String> refusals)
      throws UnprovenException {
    var sigstore = Virtual.sigstore();
    var verifier =
        Virtual.verifier(sigstore.trustRoot(root -> keepAnchor(root, rootAlone)), STRICT);
    var bundle =
        sigstore.message(ARTIFACT).entry(sigstore.rekor1(), _ -> {}).timestamp(draft).signed();
    var times = times(verifier, bundle);
    assertThat(times).as(name).hasSize(2);

    var stamp =
        (ObjectNode)
            bundle.at("/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0");
    var original = Base64.getDecoder().decode(stamp.path("signedTimestamp").asText());
    var seen = new TreeSet<String>();
    for (int i = 0; i < original.length * BITS.length; i++) {
      int at = i / BITS.length;
      var changed = original.clone();
      changed[at] ^= BITS[i % BITS.length];
      stamp.put("signedTimestamp", Base64.getEncoder().encodeToString(changed));
      try {
        assertThat(times(verifier, bundle)).as("%s, byte %d", name, at).isEqualTo(times);
      } catch (UnprovenException e) {
        if (e.reason() == TIMESTAMP_INVALID) {
          seen.add(e.sentence());
        }
      }
    }
    assertThat(refusals)
        .allSatisfy(words -> assertThat(seen).anySatisfy(s -> assertThat(s).contains(words)));
  }

  private static List<Instant> times(BundleVerifier verifier, ObjectNode bundle)
      throws UnprovenException {
    return verifier
        .verify(Virtual.read(bytes(bundle)), new Artifact.Content(ARTIFACT), List.of(WORKFLOW))
        .times();
  }

  private static void keepAnchor(ObjectNode root, boolean alone) {
    if (alone) {
      ((ArrayNode) root.at("/timestampAuthorities/0/certChain/certificates")).remove(0);
    }
  }

  private static byte[] bytes(ObjectNode bundle) {
    return bundle.toString().getBytes(UTF_8);
  }
}
