package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;

/// An entry before a log takes it in and speaks for it.
public final class EntryDraft {
  private final TransparencyLog log;
  private ObjectNode body;
  private Instant time;
  private boolean promised;
  private SeededKey promiser;
  private Consumer<CheckpointDraft> checkpoint = _ -> {};

  EntryDraft(TransparencyLog log, ObjectNode body, Instant time) {
    this.log = requireNonNull(log, "log is null");
    this.body = requireNonNull(body, "body is null");
    this.time = requireNonNull(time, "time is null");
    this.promised = log.version() == TransparencyLog.Version.V1;
    this.promiser = log.key();
  }

  /// When the log says that it took the entry in, and signs it where it promises.
  public EntryDraft at(Instant other) {
    time = other;
    return this;
  }

  /// What the entry says; it is logged and signed like that.
  public EntryDraft body(Consumer<ObjectNode> change) {
    change.accept(body);
    return this;
  }

  /// Another body altogether.
  public EntryDraft body(ObjectNode other) {
    body = other;
    return this;
  }

  public EntryDraft withoutPromise() {
    promised = false;
    return this;
  }

  /// A promise in the log's name by another key.
  public EntryDraft promisedBy(SeededKey key) {
    promiser = key;
    return this;
  }

  /// What is different about the checkpoint; it is signed like that.
  public EntryDraft checkpoint(Consumer<CheckpointDraft> change) {
    checkpoint = checkpoint.andThen(change);
    return this;
  }

  /// Logs it: the entry as bundles carry it.
  ObjectNode logged() {
    var content = body.toString().getBytes(UTF_8);
    var place = log.append(content);
    var entry = JsonNodeFactory.instance.objectNode();
    entry.put("logIndex", Long.toString(place.logIndex()));
    entry.putObject("logId").put("keyId", base64(log.id()));
    entry
        .putObject("kindVersion")
        .put("kind", body.path("kind").asText())
        .put("version", body.path("apiVersion").asText());
    if (log.version() == TransparencyLog.Version.V1) {
      entry.put("integratedTime", Long.toString(time.getEpochSecond()));
    }
    if (promised) {
      entry
          .putObject("inclusionPromise")
          .put("signedEntryTimestamp", base64(promiser.sign(promise(content, place))));
    }
    var proof = entry.putObject("inclusionProof");
    proof.put("logIndex", Long.toString(place.treeIndex()));
    proof.put("rootHash", base64(place.root()));
    proof.put("treeSize", Long.toString(place.treeSize()));
    var hashes = proof.putArray("hashes");
    place.way().forEach(hash -> hashes.add(base64(hash)));
    proof.putObject("checkpoint").put("envelope", log.checkpoint(place, checkpoint));
    entry.put("canonicalizedBody", base64(content));
    return entry;
  }

  private byte[] promise(byte[] content, LogPlace place) {
    var promise = JsonNodeFactory.instance.objectNode();
    promise.put("body", base64(content));
    promise.put("integratedTime", time.getEpochSecond());
    promise.put("logID", HexFormat.of().formatHex(log.id()));
    promise.put("logIndex", place.logIndex());
    return promise.toString().getBytes(UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
