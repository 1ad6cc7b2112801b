package dev.referee.testing.sigstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.util.function.Consumer;

/// A log like Rekor. The first version promises an entry at a time, and proves later; the second
/// proves at once, and knows no time.
public final class TransparencyLog {
  /// Where the tree of this log begins among all shards of a log of the first version.
  private static final long EARLIER_SHARDS = 1000;

  /// The versions of Rekor.
  public enum Version {
    V1,
    V2
  }

  private final Version version;
  private final String host;
  private final String origin;
  private final SeededKey key;
  private final byte[] id;
  private final LogTree tree = new LogTree();

  private TransparencyLog(
      Version version, String host, String origin, SeededKey key, byte[] id, int others) {
    this.version = requireNonNull(version, "version is null");
    this.host = requireNonNull(host, "host is null");
    this.origin = requireNonNull(origin, "origin is null");
    this.key = requireNonNull(key, "key is null");
    this.id = requireNonNull(id, "id is null");
    for (int i = 0; i < others; i++) {
      tree.append("entry %d of somebody else".formatted(i).getBytes(UTF_8));
    }
  }

  /// A log.
  ///
  /// @param host by which its checkpoints are signed
  /// @param others how many entries of others it begins with
  static TransparencyLog create(Version version, String host, SecureRandom random, int others) {
    return switch (version) {
      case V1 -> {
        var key = SeededKey.generate(SeededKey.Kind.P256, random);
        var treeId = Long.toString(random.nextLong() >>> 1);
        yield new TransparencyLog(version, host, host + " - " + treeId, key, key.id(), others);
      }
      case V2 -> {
        var key = SeededKey.generate(SeededKey.Kind.ED25519, random);
        yield new TransparencyLog(
            version, host, host, key, CheckpointDraft.keyId(host, key), others);
      }
    };
  }

  public Version version() {
    return version;
  }

  public String host() {
    return host;
  }

  public SeededKey key() {
    return key;
  }

  /// What entries name it by.
  public byte[] id() {
    return id.clone();
  }

  /// Takes an entry in.
  synchronized LogPlace append(byte[] body) {
    int index = tree.append(body);
    return new LogPlace(
        version == Version.V1 ? EARLIER_SHARDS + index : index,
        index,
        tree.size(),
        tree.root(),
        tree.way(index));
  }

  String checkpoint(LogPlace place, Consumer<CheckpointDraft> change) {
    var draft = new CheckpointDraft(origin, host, id, key, place.treeSize(), place.root());
    change.accept(draft);
    return draft.note();
  }
}
