package dev.referee.registry.copy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what copies do, and passes it on.
public final class CopySummary implements CopyProgress {
  private final CopyProgress next;
  private final AtomicLong manifests = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong blobs = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong absent = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong tags = new AtomicLong();

  /// @param next who hears of it too
  public CopySummary(CopyProgress next) {
    this.next = next;
  }

  @Override
  public void copied(Digest manifest, String artifactType) {
    manifests.incrementAndGet();
    next.copied(manifest, artifactType);
  }

  @Override
  public void found(Digest manifest) {
    found.incrementAndGet();
    next.found(manifest);
  }

  @Override
  public void copied(Descriptor blob) {
    blobs.incrementAndGet();
    bytes.addAndGet(blob.size());
    next.copied(blob);
  }

  @Override
  public void reading(Descriptor blob, long soFar) {
    next.reading(blob, soFar);
  }

  @Override
  public void absent(Digest child) {
    absent.incrementAndGet();
    next.absent(child);
  }

  @Override
  public void leftOut(Digest referrer, CopyException why) {
    leftOut.incrementAndGet();
    next.leftOut(referrer, why);
  }

  @Override
  public void tagged(String tag, Digest manifest) {
    tags.incrementAndGet();
    next.tagged(tag, manifest);
  }

  /// How many manifests were copied.
  public long manifests() {
    return manifests.get();
  }

  /// How many manifests were there already.
  public long found() {
    return found.get();
  }

  /// How many blobs were copied.
  public long blobs() {
    return blobs.get();
  }

  /// How many bytes those blobs have.
  public long bytes() {
    return bytes.get();
  }

  /// How many children of indexes the source does not have.
  public long absent() {
    return absent.get();
  }

  /// How many referrers were left out.
  public long leftOut() {
    return leftOut.get();
  }

  /// How many tags were set.
  public long tags() {
    return tags.get();
  }
}
