package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CERTIFICATE_NOT_VALID_AT_PROVEN_TIME;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISMATCH;
import static dev.referee.verify.decision.Reason.LOG_ENTRY_MISSING;
import static dev.referee.verify.decision.Reason.LOG_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.LOG_PROMISE_INVALID;
import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.TIME_UNPROVEN;
import static dev.referee.verify.decision.Reason.TRUST_ROOT_INVALID;
import static dev.referee.verify.sigstore.Virtual.ARTIFACT;
import static dev.referee.verify.sigstore.Virtual.NOON;
import static dev.referee.verify.sigstore.Virtual.STATEMENT;
import static dev.referee.verify.sigstore.Virtual.STRICT;
import static dev.referee.verify.sigstore.Virtual.refuses;
import static dev.referee.verify.sigstore.Virtual.since;
import static dev.referee.verify.sigstore.Virtual.until;
import static dev.referee.verify.sigstore.Virtual.verify;
import static dev.referee.verify.sigstore.Virtual.verifyByKey;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.json.StrictJson;
import dev.referee.testing.sigstore.SeededKey;
import dev.referee.testing.sigstore.Signing;
import dev.referee.testing.sigstore.TransparencyLog;
import dev.referee.testing.sigstore.VirtualSigstore;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.ProofProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What transparency logs say, wrong in one place, by number; signed by the log all the same.
class LogNumbersTest {
  private static final String REKOR1 = "/tlogs/0/publicKey";
  private static final String REKOR2 = "/tlogs/1/publicKey";
  private static final Instant LOGGED = NOON.plusSeconds(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualSigstore sigstore = Virtual.sigstore();

  private Signing inRekor2() {
    return sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}).timestamp(_ -> {});
  }

  /// N47 (CVE-2026-54787): the log's key was not trusted any more, or not yet, when it was signed;
  /// both ends of its window count as inside. The same holds for what a key signed.
  @Test
  void n47RefusesAKeyOutsideItsWindow() throws UnprovenException {
    var key = sigstore.newKey(SeededKey.Kind.P256);
    for (var window :
        List.of(until(REKOR1, LOGGED.minus(SECOND)), since(REKOR1, LOGGED.plus(SECOND)))) {
      var root = sigstore.trustRoot(window);
      refuses(
          LOG_OUTSIDE_VALIDITY,
          "rekor1.referee.test",
          () -> verify(root, sigstore.message(ARTIFACT), STRICT));
      refuses(
          LOG_OUTSIDE_VALIDITY,
          "rekor1.referee.test",
          () ->
              verifyByKey(
                  root, sigstore.message(ARTIFACT).key(key).withKeyAlone(), key.publicKeyPem()));
    }
    refuses(
        LOG_OUTSIDE_VALIDITY,
        "rekor2.referee.test",
        () -> verify(sigstore.trustRoot(until(REKOR2, LOGGED.minus(SECOND))), inRekor2(), STRICT));
    for (var window : List.of(until(REKOR1, LOGGED), since(REKOR1, LOGGED))) {
      assertThat(verify(sigstore.trustRoot(window), sigstore.message(ARTIFACT), STRICT).times())
          .containsExactly(LOGGED);
    }
  }

  /// N48 (CVE-2022-23649, CVE-2026-22703, CVE-2024-51746): a perfect entry, of something else.
  @Test
  void n48RefusesAnEntryOfAnotherSignature() {
    var other = body(sigstore.message("other".getBytes(US_ASCII)).signed());
    var again = body(sigstore.message(ARTIFACT).signed());
    var statement = body(sigstore.statement(STATEMENT).signed());
    var inToto = body(sigstore.statement(STATEMENT).inTotoEntries().signed());

    mismatch("another artifact", sigstore.message(ARTIFACT), sigstore.rekor1(), other);
    mismatch("another signature", sigstore.message(ARTIFACT), sigstore.rekor1(), again);
    mismatch("about an envelope", sigstore.message(ARTIFACT), sigstore.rekor1(), statement);
    mismatch("about an envelope", sigstore.message(ARTIFACT), sigstore.rekor1(), inToto);
    mismatch("about an artifact", sigstore.statement(STATEMENT), sigstore.rekor1(), again);
    mismatch("another signature", sigstore.statement(STATEMENT), sigstore.rekor1(), statement);
    mismatch("another signature", sigstore.statement(STATEMENT), sigstore.rekor1(), inToto);
  }

  /// N48: the right signature, by somebody else's key or certificate, in every kind of entry.
  @Test
  void n48RefusesAnEntryOfAnotherSigner() {
    var key = Base64.getEncoder().encodeToString(sigstore.newKey(SeededKey.Kind.P256).encoded());
    var pem =
        Base64.getEncoder()
            .encodeToString(sigstore.newKey(SeededKey.Kind.P256).publicKeyPem().getBytes(US_ASCII));
    refuses(
        LOG_ENTRY_MISMATCH,
        "somebody else",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .entry(
                sigstore.rekor1(),
                e -> e.body(b -> at(b, "/spec/signature/publicKey").put("content", pem))));
    refuses(
        LOG_ENTRY_MISMATCH,
        "somebody else",
        sigstore,
        sigstore
            .statement(STATEMENT)
            .entry(
                sigstore.rekor1(),
                e -> e.body(b -> at(b, "/spec/signatures/0").put("verifier", pem))));
    refuses(
        LOG_ENTRY_MISMATCH,
        "somebody else",
        sigstore,
        sigstore
            .statement(STATEMENT)
            .inTotoEntries()
            .entry(
                sigstore.rekor1(),
                e ->
                    e.body(
                        b -> at(b, "/spec/content/envelope/signatures/0").put("publicKey", pem))));
    refuses(
        LOG_ENTRY_MISMATCH,
        "somebody else",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .entry(
                sigstore.rekor2(),
                e ->
                    e.body(
                        b -> {
                          var verifier = at(b, "/spec/hashedRekordV002/signature/verifier");
                          verifier.remove("x509Certificate");
                          verifier.putObject("publicKey").put("rawBytes", key);
                        })));
  }

  /// N48: in Rekor v2, another digest and another signature.
  @Test
  void n48RefusesAnEntryOfTheSecondRekorAboutSomethingElse() {
    var other =
        body(
            sigstore
                .message("other".getBytes(US_ASCII))
                .entry(sigstore.rekor2(), _ -> {})
                .signed());
    var again = body(sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}).signed());

    mismatch("another artifact", sigstore.message(ARTIFACT), sigstore.rekor2(), other);
    mismatch("another signature", sigstore.message(ARTIFACT), sigstore.rekor2(), again);
    mismatch("another artifact", sigstore.statement(STATEMENT), sigstore.rekor2(), again);
    refuses(
        LOG_ENTRY_MISMATCH,
        "another kind",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .bundle(
                b -> at(b, "/verificationMaterial/tlogEntries/0/kindVersion").put("kind", "dsse")));
  }

  /// N49 (CVE-2026-48816): an integrated time is the log's word only with its promise over it.
  @Test
  void n49BelievesNoTimeThatTheLogDidNotPromise() {
    refuses(
        LOG_PROMISE_INVALID,
        "promise",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .bundle(b -> entry(b).put("integratedTime", Long.toString(NOON.getEpochSecond() + 9))));
    refuses(
        LOG_PROMISE_INVALID,
        "promise",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .entry(sigstore.rekor1(), e -> e.promisedBy(sigstore.newKey(SeededKey.Kind.P256))));
    refuses(
        TIME_UNPROVEN,
        "says when",
        sigstore,
        sigstore.message(ARTIFACT).entry(sigstore.rekor1(), e -> e.withoutPromise()));
  }

  /// N50: the log's word is good, the certificate was not valid then.
  @Test
  void n50RefusesATimeOutsideTheCertificate() throws UnprovenException {
    for (var time : List.of(NOON.minusSeconds(1), NOON.plusSeconds(601))) {
      refuses(
          CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
          "was not valid",
          sigstore,
          sigstore.message(ARTIFACT).entry(sigstore.rekor1(), e -> e.at(time)));
    }
    for (var time : List.of(NOON, NOON.plusSeconds(600))) {
      assertThat(
              verify(sigstore, sigstore.message(ARTIFACT).entry(sigstore.rekor1(), e -> e.at(time)))
                  .times())
          .containsExactly(time);
    }
  }

  /// N51: nobody says when. A certificate of minutes proves nothing then.
  @Test
  void n51RefusesWithoutAnyTime() {
    refuses(
        TIME_UNPROVEN,
        "says when",
        sigstore,
        sigstore.message(ARTIFACT).entry(sigstore.rekor2(), _ -> {}));
    refuses(
        TIME_UNPROVEN,
        "says when",
        () ->
            verify(
                sigstore.trustRoot(),
                sigstore.message(ARTIFACT).withoutEntries(),
                new ProofProfile(0, 1, 0)));
  }

  /// N57 (CVE-2026-49834): a log that says it twice has said it once, in one entry or in two.
  @Test
  void n57CountsLogsNotEntries() throws UnprovenException {
    var two = new ProofProfile(2, 1, 0);
    var copied =
        sigstore
            .message(ARTIFACT)
            .bundle(
                b -> {
                  var entries = (ArrayNode) b.at("/verificationMaterial/tlogEntries");
                  entries.add(entries.get(0).deepCopy());
                });
    var loggedTwice =
        sigstore
            .message(ARTIFACT)
            .entry(sigstore.rekor1(), _ -> {})
            .entry(sigstore.rekor1(), _ -> {});
    var inBoth =
        sigstore
            .message(ARTIFACT)
            .entry(sigstore.rekor1(), _ -> {})
            .entry(sigstore.rekor2(), _ -> {});

    for (var signing : List.of(copied, loggedTwice)) {
      refuses(LOG_ENTRY_MISSING, "1 of 2", () -> verify(sigstore.trustRoot(), signing, two));
    }
    assertThat(verify(sigstore.trustRoot(), inBoth, two).times()).containsExactly(LOGGED);
  }

  /// N57: whoever runs both logs vouches once.
  @Test
  void n57CountsOperatorsNotLogs() throws UnprovenException {
    var two = new ProofProfile(2, 1, 0);
    var inBoth =
        sigstore
            .message(ARTIFACT)
            .entry(sigstore.rekor1(), _ -> {})
            .entry(sigstore.rekor2(), _ -> {});

    refuses(
        LOG_ENTRY_MISSING,
        "1 of 2",
        () -> verify(operatedBy("tlogs", "acme", "acme"), inBoth, two));
    assertThat(verify(operatedBy("tlogs", "acme", "octo"), inBoth, two).times())
        .containsExactly(LOGGED);
    assertThat(verify(operatedBy("tlogs", "acme", ""), inBoth, two).times())
        .containsExactly(LOGGED);
  }

  private byte[] operatedBy(String list, String... operators) {
    return sigstore.trustRoot(
        root -> {
          for (int i = 0; i < operators.length; i++) {
            ((ObjectNode) root.path(list).path(i)).put("operator", operators[i]);
          }
        });
  }

  /// N61: since when a log is trusted has to be said.
  @Test
  void n61BelievesNoLogWithoutStart() {
    var root = sigstore.trustRoot(r -> ((ObjectNode) r.at(REKOR1 + "/validFor")).remove("start"));

    refuses(
        TRUST_ROOT_INVALID, "since when", () -> verify(root, sigstore.message(ARTIFACT), STRICT));
    var certificateLog =
        sigstore.trustRoot(
            r -> ((ObjectNode) r.at("/ctlogs/0/publicKey/validFor")).remove("start"));
    refuses(
        TRUST_ROOT_INVALID,
        "since when",
        () -> verify(certificateLog, sigstore.message(ARTIFACT), STRICT));
  }

  /// N62: a certificate of tomorrow, whose signature was made today; and no clock of ours decides
  /// where nobody says when.
  @Test
  void n62RefusesACertificateThatIsNotValidYet() {
    var tomorrow = NOON.plus(Duration.ofDays(1));
    refuses(
        CERTIFICATE_NOT_VALID_AT_PROVEN_TIME,
        "was not valid",
        sigstore,
        sigstore.message(ARTIFACT).certificate(c -> c.valid(tomorrow, tomorrow.plusSeconds(600))));
    refuses(
        TIME_UNPROVEN,
        "says when",
        () ->
            verify(
                sigstore.trustRoot(),
                sigstore
                    .message(ARTIFACT)
                    .certificate(c -> c.valid(tomorrow, tomorrow.plusSeconds(600)))
                    .withoutEntries(),
                new ProofProfile(0, 1, 0)));
  }

  /// A log of another instance, whatever it proves.
  @Test
  void refusesEntriesOfUnknownLogsAlone() throws UnprovenException {
    var stranger = Virtual.stranger();
    refuses(
        LOG_UNKNOWN,
        "does not name",
        sigstore,
        sigstore.message(ARTIFACT).entry(stranger.rekor1(), _ -> {}));
    // Beside one of ours it is passed over.
    assertThat(
            verify(
                    sigstore,
                    sigstore
                        .message(ARTIFACT)
                        .entry(stranger.rekor1(), e -> e.at(NOON.plusSeconds(9)))
                        .entry(sigstore.rekor1(), _ -> {}))
                .times())
        .containsExactly(LOGGED);
  }

  /// An entry that cannot be read is none, whoever logged it.
  @Test
  void refusesAnEntryWithAMalformedHash() {
    refuses(
        MALFORMED_EVIDENCE,
        "not hexadecimal",
        sigstore,
        sigstore
            .message(ARTIFACT)
            .entry(
                sigstore.rekor1(), e -> e.body(b -> at(b, "/spec/data/hash").put("value", "xyz"))));
  }

  private void mismatch(String words, Signing signing, TransparencyLog log, ObjectNode body) {
    refuses(LOG_ENTRY_MISMATCH, words, sigstore, signing.entry(log, e -> e.body(body.deepCopy())));
  }

  private static ObjectNode body(ObjectNode bundle) {
    var body = Base64.getDecoder().decode(entry(bundle).path("canonicalizedBody").asText());
    return StrictJson.readObject(body, 1 << 20).node();
  }

  private static ObjectNode entry(ObjectNode bundle) {
    return at(bundle, "/verificationMaterial/tlogEntries/0");
  }

  private static ObjectNode at(ObjectNode tree, String pointer) {
    return (ObjectNode) tree.at(pointer);
  }
}
