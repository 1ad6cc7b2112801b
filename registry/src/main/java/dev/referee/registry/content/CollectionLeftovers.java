package dev.referee.registry.content;

import dev.referee.oci.Digest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.security.DigestInputStream;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts right what collectors and pushes left that died half-way.
final class CollectionLeftovers {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionLeftovers.class);

  /// A collector that has not gone on for so long never will.
  static final Duration DEAD = Duration.ofDays(1);

  private final ObjectStore store;
  private final PushIds ids;
  private final CollectionPolicy policy;
  private final Instant began;

  CollectionLeftovers(ObjectStore store, PushIds ids, CollectionPolicy policy, Instant began) {
    this.store = store;
    this.ids = ids;
    this.policy = policy;
    this.began = began;
  }

  void remove() throws IOException {
    removeOlder("h/", policy.grace());
    removeOlder("gcm/", DEAD);
    var marks = store.list("gc/", null, ObjectStore.MAX_LISTED);
    for (var mark : marks) {
      var name = Keys.name(mark);
      var collector = name.substring(name.indexOf('~') + 1);
      if (PushIds.timeOf(collector).isBefore(began.minus(DEAD))) {
        renew(Keys.digest(mark, 1, 2), name.substring(0, name.indexOf('~')), mark);
      }
    }
  }

  private void removeOlder(String prefix, Duration age) throws StorageException {
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        if (PushIds.timeOf(Keys.name(key)).isBefore(began.minus(age))) {
          store.delete(key);
        }
      }
    }
  }

  /// A generation that a dead collector marked counts as gone for every push, for ever. If somebody
  /// has it, it gets a new name; whether or not, the old one can go then.
  private void renew(Digest digest, String generation, String mark) throws IOException {
    var key = Keys.generation(digest, generation);
    var content = store.open(key);
    if (content.isPresent() && !store.list(Keys.links(digest), null, 1).isEmpty()) {
      var hasher = digest.algorithm().newHasher();
      try (var upload = store.beginUpload("renew-" + ids.next(), new byte[0])) {
        try (var stream = new DigestInputStream(content.get().stream(0), hasher)) {
          upload.append(stream);
        }
        if (!Digest.ofHasher(digest.algorithm(), hasher).equals(digest)) {
          upload.abort();
          LOG.error("{} is damaged: its bytes are not its own", key);
          throw new StorageException(StorageReason.CORRUPT, key + " is damaged", null);
        }
        upload.commit(Keys.generation(digest, ids.next()));
      }
      store.delete(key);
    }
    // Without a link it is collected as everything else is.
    store.delete(mark);
  }
}
