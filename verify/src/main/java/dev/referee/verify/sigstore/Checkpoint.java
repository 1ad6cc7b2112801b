package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.CHECKPOINT_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.referee.verify.signature.StrictBase64;
import dev.referee.verify.signature.UnprovenException;
import dev.referee.verify.trust.TrustedKey;
import dev.referee.verify.trust.TrustedLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The root of a log's tree with the log's signature: a signed note (C2SP tlog-checkpoint and
/// signed-note). Parsed, not proven.
///
/// @param signed the text that signatures are over, its last line break included
/// @param origin the log's name for its tree
/// @param size how many entries the tree has
/// @param rootHash its root
/// @param signatures by the log, and by witnesses
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
record Checkpoint(
    String signed, String origin, long size, byte[] rootHash, List<NoteSignature> signatures) {
  private static final int MAX_CHARS = 16 * 1024;

  /// A log has a handful of witnesses; each line costs at most a comparison.
  private static final int MAX_SIGNATURES = 64;

  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern SIGNATURE =
      Pattern.compile("\u2014 ([^\\s+]{1,256}) ([A-Za-z0-9+/=]+)");

  Checkpoint {
    requireNonNull(signed, "signed is null");
    signatures = List.copyOf(signatures);
  }

  /// @param hint which key of that name, 4 bytes
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  record NoteSignature(String name, byte[] hint, byte[] signature) {}

  static Checkpoint parse(String note) throws UnprovenException {
    if (note.length() > MAX_CHARS) {
      throw invalid("has more than %d characters".formatted(MAX_CHARS));
    }
    // The last blank line: extension lines are never blank, but nobody stops a log's imitator.
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || note.indexOf("\n\n") != blank || !note.endsWith("\n")) {
      throw invalid("is not a text, a blank line and signatures");
    }
    var lines = note.substring(0, blank).split("\n", -1);
    if (lines.length < 3 || lines[0].isEmpty()) {
      throw invalid("has not a line each for origin, size and root");
    }
    if (!SIZE.matcher(lines[1]).matches()) {
      throw invalid("has no size in its second line");
    }
    return new Checkpoint(
        note.substring(0, blank + 1),
        lines[0],
        Long.parseLong(lines[1]),
        root(lines[2]),
        signatures(note.substring(blank + 2)));
  }

  private static byte[] root(String line) throws UnprovenException {
    try {
      var root = StrictBase64.decode(line, "root");
      if (root.length == 32) {
        return root;
      }
    } catch (UnprovenException e) {
      // Refused below, by the checkpoint's own reason.
    }
    throw invalid("has no root in its third line");
  }

  private static List<NoteSignature> signatures(String text) throws UnprovenException {
    var signatures = new ArrayList<NoteSignature>();
    var lines = text.substring(0, Math.max(0, text.length() - 1)).split("\n", -1);
    if (lines.length > MAX_SIGNATURES) {
      throw invalid("has %d signatures, %d are read".formatted(lines.length, MAX_SIGNATURES));
    }
    for (var line : lines) {
      var match = SIGNATURE.matcher(line);
      if (!match.matches()) {
        throw invalid("has no well-formed signature");
      }
      byte[] value;
      try {
        value = StrictBase64.decode(match.group(2), "signature");
      } catch (UnprovenException e) {
        throw invalid("has a signature that is not base64");
      }
      if (value.length <= 4) {
        throw invalid("has a signature without content");
      }
      signatures.add(
          new NoteSignature(
              match.group(1), Arrays.copyOf(value, 4), Arrays.copyOfRange(value, 4, value.length)));
    }
    return signatures;
  }

  /// Checks that the log signed it. Signatures by others, witnesses among them, count for nothing
  /// and spoil nothing: their keys are not known.
  void checkSigned(TrustedLog log, TrustedKey key) throws UnprovenException {
    if (!origin.equals(log.name()) && !origin.startsWith(log.name() + " - ")) {
      throw invalid("is of another log than " + log.name());
    }
    var bytes = signed.getBytes(UTF_8);
    if (by(log).noneMatch(s -> key.verifies(bytes, s.signature()))) {
      throw invalid("is not signed by " + log.name());
    }
  }

  /// Whether it names the log as one that signed it, which proves nothing.
  boolean isSaidToBeOf(TrustedLog log) {
    return by(log).findAny().isPresent();
  }

  private Stream<NoteSignature> by(TrustedLog log) {
    return signatures.stream()
        .filter(s -> s.name().equals(log.name()))
        .filter(s -> Arrays.equals(s.hint(), log.checkpointHint()));
  }

  private static UnprovenException invalid(String what) {
    return new UnprovenException(CHECKPOINT_INVALID, "the log's checkpoint " + what);
  }
}
