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

  /// Signs are small and few; by then nothing is left of the collector that gave them.
  private static final Duration OLD_SIGN = Duration.ofDays(1);

  private final ObjectStore store;
  private final PushIds ids;
  private final CollectionMarks marks;
  private final CollectionPolicy policy;
  private final Instant began;

  CollectionLeftovers(ObjectStore store, PushIds ids, CollectionPolicy policy, Instant began) {
    this.store = store;
    this.ids = ids;
    this.marks = new CollectionMarks(store, ids);
    this.policy = policy;
    this.began = began;
  }

  void remove() throws IOException {
    removeOlder("h/", policy.grace());
    removeDeadMarks();
    for (var keys = store.list("gc/", null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list("gc/", keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var mark : keys) {
        var name = Keys.name(mark);
        int tilde = name.indexOf('~');
        if (!marks.isAlive(name.substring(tilde + 1))) {
          tryToRenew(Keys.digest(mark, 1, 2), name.substring(0, tilde), mark);
        }
      }
    }
    // Last: what a dead one marked is known by its sign.
    removeOlder(Keys.SIGNS, OLD_SIGN);
  }

  private void removeDeadMarks() throws StorageException {
    for (var keys = store.list("gcm/", null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list("gcm/", keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        if (!marks.isAlive(Keys.name(key))) {
          store.delete(key);
        }
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

  /// Content that is damaged stays as it is, marked, and is reported: a fresh upload replaces it.
  private void tryToRenew(Digest digest, String generation, String mark) throws IOException {
    try {
      renew(digest, generation, mark);
    } catch (StorageException e) {
      if (e.reason() != StorageReason.CORRUPT) {
        throw e;
      }
      LOG.error("content cannot be renewed: {}", e.getMessage());
    }
  }

  /// What a dead collector marked it may have been about to remove when it was last seen. If
  /// somebody has it, it gets a new name; whether or not, the old one can go then.
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
          throw new StorageException(
              StorageReason.CORRUPT, key + " is damaged: its bytes are not its own", null);
        }
        upload.commit(Keys.generation(digest, ids.next()));
      }
      store.delete(key);
    }
    // Without a link it is collected as everything else is.
    store.delete(mark);
  }
}
