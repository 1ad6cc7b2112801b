package dev.referee.registry.content;

import dev.referee.oci.Digest;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the manifests of a repository that nothing holds: those that have no tag, are old, and
/// are neither named by an index that stays nor refer to a subject that stays.
///
/// In the order that loses nothing: what seems dead is marked, then everything is looked at anew,
/// and only what is still dead goes. A push says first that it is under way, then looks for marks,
/// and says no more that it is under way once its tags are there. So either it sees the mark, or
/// the second look sees the push, or what the push left: if pushes are looked at before tags and
/// manifests. `ManifestCollectionModelTest` tries everything that everybody can do.
final class ManifestCollector {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestCollector.class);

  private final ObjectStore store;
  private final Tags tags;
  private final Pins pins;
  private final CollectionPolicy policy;
  private final Instant began;
  private final CollectorSign sign;
  private long removed;

  ManifestCollector(
      ObjectStore store,
      Tags tags,
      Pins pins,
      CollectionPolicy policy,
      Instant began,
      CollectorSign sign) {
    this.store = store;
    this.tags = tags;
    this.pins = pins;
    this.policy = policy;
    this.began = began;
    this.sign = sign;
  }

  long removed() {
    return removed;
  }

  /// Collects one repository.
  ///
  /// @return what stays
  /// @throws StorageException with `CORRUPT` when a record or a tag cannot be read: what it holds
  ///   is not known, so nothing was removed
  Collection<ManifestTies> collect(RepositoryName repository) throws IOException {
    var records = records(repository);
    var dead = dead(repository, records, tagged(repository));
    if (dead.isEmpty()) {
      return records.values();
    }
    if (policy.dryRun()) {
      for (var digest : dead) {
        LOG.info(
            "would collect {}@{}, pushed at {}: no tag, index or subject that stays holds it",
            repository,
            digest,
            pushedAt(records, digest));
        removed++;
      }
      return records.values();
    }
    var marked = new HashSet<Digest>();
    try {
      var since = sign.now();
      for (var digest : dead) {
        sign.give();
        marked.add(digest);
        store.put(mark(repository, digest), new byte[0]);
      }
      // Before the tags: a push that ends now has set its tag already.
      var roots = held(repository, dead);
      roots.addAll(tagged(repository));
      var now = records(repository);
      dead.retainAll(dead(repository, now, roots));
      for (var digest : indexesFirst(dead, now)) {
        sign.give();
        if (!sign.isSteadySince(since)) {
          LOG.warn("the collection of {} took too long and goes on the next time", repository);
          break;
        }
        // What is deleted and nobody knows whether keeps its mark.
        marked.remove(digest);
        remove(repository, digest, now.remove(digest));
        marked.add(digest);
      }
      return now.values();
    } finally {
      unmark(repository, marked);
    }
  }

  /// Who dies in the middle leaves children without an index, and no index without its children.
  private static List<Digest> indexesFirst(Set<Digest> dead, Map<Digest, ManifestTies> records) {
    var ordered = new ArrayList<Digest>();
    for (boolean named : new boolean[] {true, false}) {
      for (var digest : dead) {
        var ties = records.get(digest);
        if (ties != null && ties.children().isEmpty() != named) {
          ordered.add(digest);
        }
      }
    }
    return ordered;
  }

  private void remove(RepositoryName repository, Digest digest, @Nullable ManifestTies ties)
      throws StorageException {
    if (ties == null) {
      return;
    }
    store.delete(Keys.manifest(repository, digest));
    ManifestPush.removeEdges(store, repository, digest, ties);
    removed++;
    LOG.debug("collected {}@{}", repository, digest);
  }

  private static String pushedAt(Map<Digest, ManifestTies> records, Digest digest) {
    var record = records.get(digest);
    return record == null ? "?" : record.pushedAt().toString();
  }

  /// What is being pushed, and those of the dead that an index names which is being pushed. Edges
  /// of old pushes count by their index; those of pushes that died, and their holds, count for
  /// nothing.
  private Set<Digest> held(RepositoryName repository, Set<Digest> dead) throws StorageException {
    var held = new HashSet<Digest>();
    addYoung(held, Keys.holds(repository));
    for (var digest : dead) {
      addYoung(held, Keys.children(repository, digest));
    }
    return held;
  }

  private void addYoung(Set<Digest> held, String prefix) throws StorageException {
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        var name = Keys.name(key);
        var push = name.substring(name.indexOf('~') + 1);
        if (PushIds.timeOf(push).isAfter(began.minus(policy.grace()))) {
          held.add(Keys.digest(key, 2, 3));
        }
      }
    }
  }

  private String mark(RepositoryName repository, Digest digest) {
    return Keys.manifestMark(repository, digest, sign.collector());
  }

  /// Its own marks. Also when it is told to stop: what stays marked is refused to every push.
  private void unmark(RepositoryName repository, Set<Digest> digests) throws StorageException {
    boolean interrupted = Thread.interrupted();
    try {
      for (var digest : digests) {
        store.delete(mark(repository, digest));
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Set<Digest> dead(
      RepositoryName repository, Map<Digest, ManifestTies> records, Set<Digest> roots) {
    var dead = new HashSet<>(records.keySet());
    dead.removeAll(live(records, roots, policy.overlay().test(repository)));
    return dead;
  }

  /// What the roots hold, what is young, and in an overlay what refers to an image that is
  /// elsewhere.
  private Set<Digest> live(Map<Digest, ManifestTies> records, Set<Digest> roots, boolean overlay) {
    var referrers = new HashMap<Digest, List<Digest>>();
    var live = new HashSet<>(roots);
    records.forEach(
        (digest, record) -> {
          var subject = record.subject();
          if (subject != null) {
            referrers.computeIfAbsent(subject, _ -> new ArrayList<>()).add(digest);
          }
          boolean ofElsewhere = overlay && subject != null && !records.containsKey(subject);
          if (ofElsewhere || record.pushedAt().isAfter(began.minus(policy.keepUntagged()))) {
            live.add(digest);
          }
        });
    // A queue and not a recursion: indexes may be nested deeper than a stack.
    var queue = new ArrayDeque<>(live);
    while (!queue.isEmpty()) {
      var digest = queue.remove();
      var record = records.get(digest);
      var next = new ArrayList<>(referrers.getOrDefault(digest, List.of()));
      if (record != null) {
        next.addAll(record.children());
      }
      for (var reached : next) {
        if (live.add(reached)) {
          queue.add(reached);
        }
      }
    }
    return live;
  }

  /// What has a tag or a lease.
  private Set<Digest> tagged(RepositoryName repository) throws IOException {
    var tagged = new HashSet<>(pins.pinned(repository, began));
    for (var page = tags.list(repository, null, ObjectStore.MAX_LISTED);
        !page.isEmpty();
        page = tags.list(repository, page.getLast(), ObjectStore.MAX_LISTED)) {
      for (var tag : page) {
        tags.resolve(repository, tag).ifPresent(tagged::add);
      }
    }
    return tagged;
  }

  private Map<Digest, ManifestTies> records(RepositoryName repository) throws IOException {
    var records = new HashMap<Digest, ManifestTies>();
    var prefix = Keys.manifests(repository);
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED)) {
      for (var key : keys) {
        sign.give();
        var object = store.get(key);
        if (object.isPresent()) {
          var record = ManifestRecord.decode(key, object.get()).record();
          records.put(Keys.digest(key, 2, 3), ManifestTies.of(record));
        }
      }
    }
    return records;
  }
}
