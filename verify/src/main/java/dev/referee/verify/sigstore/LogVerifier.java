package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_INVALID;
import static dev.referee.verify.decision.Reason.INCLUSION_PROOF_MISSING;
import static dev.referee.verify.decision.Reason.LOG_OUTSIDE_VALIDITY;
import static dev.referee.verify.decision.Reason.LOG_PROMISE_INVALID;
import static dev.referee.verify.decision.Reason.LOG_UNKNOWN;
import static dev.referee.verify.decision.Reason.TRUST_ROOT_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.TrustRoot;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedLog;
import dev.referee.verify.trust.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Proves that a signature is in the transparency logs of a trust root: Rekor v1 with promise,
/// proof and checkpoint, Rekor v2 with proof and checkpoint.
final class LogVerifier {
  /// Of the entries of Rekor v2.
  private static final String SECOND_VERSION = "0.0.2";

  private final TrustRoot root;

  LogVerifier(TrustRoot root) {
    this.root = requireNonNull(root, "root is null");
  }

  /// An entry that is proven to be in a log.
  ///
  /// @param time when the log took it in, where it says so
  record ProvenEntry(TrustedLog log, Window window, Optional<Instant> time) {
    /// Checks that the log was trusted at that time. A log that says no time of its own is held to
    /// everybody else's.
    void checkTrustedAt(Instant proven) throws UnprovenException {
      if (!window.contains(proven)) {
        throw new UnprovenException(
            LOG_OUTSIDE_VALIDITY,
            "the log %s is trusted %s, which %s is not".formatted(log.name(), window, proven));
      }
    }
  }

  /// Proves the entries. Those of unknown logs are passed over, unless there are no others; one of
  /// a known log that proves nothing spoils the bundle, and so does one of a known log under
  /// another one's name.
  List<ProvenEntry> verify(Bundle bundle, Signed signed) throws UnprovenException {
    var proven = new ArrayList<ProvenEntry>();
    for (var entry : bundle.entries()) {
      var log = root.logs().stream().filter(l -> l.hasId(entry.logId())).findFirst();
      if (log.isPresent()) {
        proven.add(verify(entry, log.get(), bundle.version(), signed));
      } else {
        checkStranger(entry);
      }
    }
    // Where no log is trusted at all, entries are of no interest.
    if (proven.isEmpty() && !bundle.entries().isEmpty() && !root.logs().isEmpty()) {
      throw new UnprovenException(
          LOG_UNKNOWN,
          "its log entry is of a log that the trust root does not name (%s)"
              .formatted(
                  Base64.getEncoder()
                      .encodeToString(Arrays.copyOf(bundle.entries().getFirst().logId(), 6))));
    }
    return proven;
  }

  /// The log's id stands in no signature, but its promise and its checkpoint do.
  private void checkStranger(LogEntry entry) throws UnprovenException {
    for (var log : root.logs()) {
      if (log.trust() instanceof TrustedLog.Trust.Usable(var key, var _)
          && (isPromisedBy(entry, log, key) || isCheckpointOf(entry, log))) {
        throw new UnprovenException(
            LOG_UNKNOWN,
            "its log entry is by %s and names another log, which the trust root does not"
                .formatted(log.name()));
      }
    }
  }

  private static boolean isPromisedBy(LogEntry entry, TrustedLog log, TrustedKey key) {
    var promise = entry.promise();
    return promise != null && key.verifies(promised(entry, log.id()), promise);
  }

  private static boolean isCheckpointOf(LogEntry entry, TrustedLog log) {
    var proof = entry.proof();
    if (proof == null || proof.checkpoint() == null) {
      return false;
    }
    try {
      return Checkpoint.parse(proof.checkpoint()).isSaidToBeOf(log);
    } catch (UnprovenException e) {
      // Nobody's, then.
      return false;
    }
  }

  private static ProvenEntry verify(
      LogEntry entry, TrustedLog log, Bundle.Version version, Signed signed)
      throws UnprovenException {
    var trust =
        switch (log.trust()) {
          case TrustedLog.Trust.Usable usable -> usable;
          case TrustedLog.Trust.Unusable unusable ->
              throw new UnprovenException(
                  TRUST_ROOT_INVALID,
                  "the log %s cannot be believed: %s".formatted(log.name(), unusable.problem()));
        };
    EntryBody.checkAbout(entry, signed);
    var time = checkPromise(entry, trust.key());
    checkIncluded(entry, log, trust.key(), version, time.isPresent());
    return new ProvenEntry(log, trust.window(), time);
  }

  /// The time at which the log took the entry in, if it says so: only with its signature over that
  /// time is it the log's word.
  private static Optional<Instant> checkPromise(LogEntry entry, TrustedKey key)
      throws UnprovenException {
    if (entry.promise() == null) {
      return Optional.empty();
    }
    if (!key.verifies(promised(entry, entry.logId()), entry.promise())) {
      throw new UnprovenException(
          LOG_PROMISE_INVALID, "the log's promise is not signed by the log, or of another entry");
    }
    return entry.integratedTime() == 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(entry.integratedTime()));
  }

  /// What a log's promise is over: canonical JSON (RFC 8785) of four members whose names are in
  /// order as they stand here, and whose values need no escapes.
  private static byte[] promised(LogEntry entry, byte[] logId) {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(
            Base64.getEncoder().encodeToString(entry.body()),
            entry.integratedTime(),
            HexFormat.of().formatHex(logId),
            entry.logIndex())
        .getBytes(UTF_8);
  }

  private static boolean isOfSecondVersion(LogEntry entry) {
    return entry.kind().equals("hashedrekord") && entry.version().equals(SECOND_VERSION);
  }

  private static void checkIncluded(
      LogEntry entry, TrustedLog log, TrustedKey key, Bundle.Version version, boolean promised)
      throws UnprovenException {
    // The first version of bundles may have nothing but the promise.
    boolean promiseSuffices = version == Bundle.Version.V0_1 && promised;
    var proof = entry.proof();
    if (proof == null) {
      if (promiseSuffices) {
        return;
      }
      throw new UnprovenException(
          INCLUSION_PROOF_MISSING, "the log entry comes without a proof that it is in the log");
    }
    // The second version of Rekor has one tree, and no promise that would name the index.
    if (isOfSecondVersion(entry) && entry.logIndex() != proof.logIndex()) {
      throw new UnprovenException(
          INCLUSION_PROOF_INVALID, "the proof is of another index than the log entry");
    }
    var root =
        MerkleTree.root(
            MerkleTree.leaf(entry.body()), proof.logIndex(), proof.treeSize(), proof.hashes());
    if (root.isEmpty() || !Arrays.equals(root.get(), proof.rootHash())) {
      throw new UnprovenException(
          INCLUSION_PROOF_INVALID, "the proof does not lead from the entry to the log's root");
    }
    if (proof.checkpoint() == null) {
      if (promiseSuffices) {
        return;
      }
      throw new UnprovenException(
          CHECKPOINT_INVALID, "the log entry comes without the log's signed root");
    }
    var checkpoint = Checkpoint.parse(proof.checkpoint());
    checkpoint.checkSigned(log, key);
    if (checkpoint.size() != proof.treeSize()
        || !Arrays.equals(checkpoint.rootHash(), proof.rootHash())) {
      throw new UnprovenException(
          CHECKPOINT_INVALID, "the log's checkpoint is of another tree than the proof");
    }
  }
}
