package dev.referee.verify.sigstore;

import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;

import dev.referee.oci.json.JsonFields;
import dev.referee.verify.signature.StrictBase64;
import dev.referee.verify.signature.UnprovenException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the log entries of a bundle.
final class LogEntryReader {
  private static final int MAX_ENTRIES = 8;

  /// A tree of 2^63 entries is 63 deep.
  private static final int MAX_HASHES = 64;

  private static final int MAX_DIGITS = 19;

  private LogEntryReader() {}

  static List<LogEntry> read(JsonFields material) throws UnprovenException {
    var listed = material.objects("tlogEntries");
    if (listed.size() > MAX_ENTRIES) {
      throw malformed(
          "the bundle has %d log entries, at most %d are read"
              .formatted(listed.size(), MAX_ENTRIES));
    }
    var entries = new ArrayList<LogEntry>();
    for (var entry : listed) {
      entries.add(entry(entry));
    }
    return entries;
  }

  private static LogEntry entry(JsonFields fields) throws UnprovenException {
    var kind = fields.object("kindVersion");
    return new LogEntry(
        // Absent is zero: that is how the JSON form writes the first entry of a log.
        numberOrZero(fields, "logIndex"),
        bytes(fields.object("logId"), "keyId"),
        kind.text("kind"),
        kind.text("version"),
        numberOrZero(fields, "integratedTime"),
        promise(fields.optionalObject("inclusionPromise")),
        proof(fields.optionalObject("inclusionProof")),
        bytes(fields, "canonicalizedBody"));
  }

  private static byte @Nullable [] promise(@Nullable JsonFields fields) throws UnprovenException {
    return fields == null || !fields.has("signedEntryTimestamp")
        ? null
        : bytes(fields, "signedEntryTimestamp");
  }

  private static LogEntry.@Nullable InclusionProof proof(@Nullable JsonFields fields)
      throws UnprovenException {
    if (fields == null) {
      return null;
    }
    var listed = fields.elements("hashes");
    if (listed.size() > MAX_HASHES) {
      throw malformed(
          "an inclusion proof has %d hashes, at most %d are possible"
              .formatted(listed.size(), MAX_HASHES));
    }
    var hashes = new ArrayList<byte[]>();
    for (var hash : listed) {
      if (!hash.isTextual()) {
        throw malformed("a hash of an inclusion proof is not a string");
      }
      hashes.add(StrictBase64.decode(hash.textValue(), "hashes"));
    }
    var checkpoint = fields.optionalObject("checkpoint");
    return new LogEntry.InclusionProof(
        numberOrZero(fields, "logIndex"),
        number(fields, "treeSize"),
        bytes(fields, "rootHash"),
        hashes,
        checkpoint == null ? null : checkpoint.optionalText("envelope"));
  }

  private static long numberOrZero(JsonFields fields, String name) throws UnprovenException {
    return fields.has(name) ? number(fields, name) : 0;
  }

  /// A number that the JSON form writes as a string, or as a number; never negative.
  private static long number(JsonFields fields, String name) throws UnprovenException {
    var node = fields.node().get(name);
    if (node != null && node.isTextual()) {
      var text = node.textValue();
      if (!text.isEmpty()
          && text.length() <= MAX_DIGITS
          && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        try {
          return Long.parseLong(text);
        } catch (NumberFormatException e) {
          throw malformed(name + " does not fit 63 bits");
        }
      }
      throw malformed(name + " is not a number of at least 0");
    }
    long number = fields.wholeNumber(name);
    if (number < 0) {
      throw malformed(name + " is not a number of at least 0");
    }
    return number;
  }

  private static byte[] bytes(JsonFields fields, String name) throws UnprovenException {
    return StrictBase64.decode(fields.text(name), name);
  }

  private static UnprovenException malformed(String message) {
    return new UnprovenException(MALFORMED_EVIDENCE, message);
  }
}
