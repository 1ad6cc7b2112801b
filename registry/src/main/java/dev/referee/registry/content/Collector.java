package dev.referee.registry.content;

import static java.util.Objects.requireNonNull;

import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what nothing refers to while pushes go on, without a lock and without asking the store
/// for more than reads, writes and lists. Several may run at once, in one process or many, and each
/// may die at any moment.
///
/// 1. what uploads, collectors and pushes left that died, see [CollectionLeftovers]
/// 2. manifests that no tag, live index or live subject holds, see [ManifestCollector]
/// 3. links that no manifest needs, then content that no link holds, see [BlobCollector]
public final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  private final ObjectStore store;
  private final RegistryContent content;
  private final InstantSource clock;
  private final CollectionPolicy policy;

  public Collector(
      ObjectStore store, RegistryContent content, InstantSource clock, CollectionPolicy policy) {
    this.store = requireNonNull(store, "store is null");
    this.content = requireNonNull(content, "content is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.policy = requireNonNull(policy, "policy is null");
  }

  /// Collects once.
  public CollectionReport run() throws IOException {
    var began = clock.instant();
    var ids = new PushIds(clock);
    var sign = new CollectorSign(new CollectionMarks(store, ids), ids, ids.next());
    if (!policy.dryRun()) {
      content.uploads().giveUpIdle();
      content.pins().removeEnded(began);
      new CollectionLeftovers(store, ids, policy, began).remove();
    }
    var manifests =
        new ManifestCollector(store, content.tags(), content.pins(), policy, began, sign);
    var needed = new HashSet<Long>();
    var untouched = new HashSet<String>();
    long kept = 0;
    for (var repository : content.repositories().list(null, Integer.MAX_VALUE, _ -> true)) {
      try {
        for (var ties : manifests.collect(repository)) {
          kept++;
          needed.add(BlobCollector.fingerprint(repository.segment(), ties.push()));
          for (var absent : ties.absent()) {
            needed.add(BlobCollector.fingerprint(repository.segment(), absent.toString()));
          }
        }
      } catch (StorageException e) {
        if (e.reason() != StorageReason.CORRUPT) {
          throw e;
        }
        // It may hold anything: everything that this repository has stays.
        untouched.add(repository.segment());
        LOG.error("{} is not collected until this is put right: {}", repository, e.getMessage());
      }
    }
    var blobs = new BlobCollector(store, policy, began, sign, needed, untouched);
    blobs.collect();
    var report =
        new CollectionReport(
            manifests.removed(),
            blobs.links(),
            blobs.generations(),
            blobs.bytes(),
            kept,
            untouched.size());
    LOG.info(
        "{} {} manifests, {} links and {} blobs of {} bytes; {} manifests stay",
        policy.dryRun() ? "would collect" : "collected",
        report.manifests(),
        report.links(),
        report.blobs(),
        report.bytes(),
        report.kept());
    return report;
  }
}
