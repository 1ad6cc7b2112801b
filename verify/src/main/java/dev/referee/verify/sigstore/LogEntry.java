package dev.referee.verify.sigstore;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of a transparency log, as a bundle carries it (sigstore/protobuf-specs,
/// `sigstore_rekor.proto`). Parsed, not proven.
///
/// @param logIndex where it is among all shards of the log, at least 0
/// @param logId which log
/// @param kind what kind of entry it claims to be
/// @param version of that kind
/// @param integratedTime when the log claims to have taken it in, in seconds since the epoch; 0, it
///   does not say. Only with a promise is it the log's word (CVE-2026-48816)
/// @param promise the log's signature over the entry, its index and its time (SET)
/// @param proof that the entry is in the log
/// @param body the entry itself
@SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
public record LogEntry(
    long logIndex,
    byte[] logId,
    String kind,
    String version,
    long integratedTime,
    byte @Nullable [] promise,
    @Nullable InclusionProof proof,
    byte[] body) {
  public LogEntry {
    requireNonNull(logId, "logId is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(version, "version is null");
    requireNonNull(body, "body is null");
  }

  /// The way from an entry to the root of its log's tree.
  ///
  /// @param logIndex where the entry is in this tree, which is one shard of the log
  /// @param treeSize how many entries the tree has
  /// @param rootHash its root
  /// @param hashes the way
  /// @param checkpoint the root as the log signed it; null in old bundles
  @SuppressWarnings("ArrayRecordComponent") // Never compared; whoever reads it does not change it.
  public record InclusionProof(
      long logIndex,
      long treeSize,
      byte[] rootHash,
      List<byte[]> hashes,
      @Nullable String checkpoint) {
    public InclusionProof {
      requireNonNull(rootHash, "rootHash is null");
      hashes = List.copyOf(hashes);
    }
  }
}
