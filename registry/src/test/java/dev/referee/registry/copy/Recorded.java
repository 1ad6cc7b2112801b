package dev.referee.registry.copy;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what a copy told.
final class Recorded implements CopyProgress {
  final Map<Digest, CopyReason> leftOut = new ConcurrentHashMap<>();
  final List<Digest> blobs = new CopyOnWriteArrayList<>();
  final List<Digest> absent = new CopyOnWriteArrayList<>();
  final List<String> tags = new CopyOnWriteArrayList<>();
  final Map<Digest, Long> read = new ConcurrentHashMap<>();

  @Override
  public void leftOut(Digest referrer, CopyException why) {
    leftOut.put(referrer, why.reason());
  }

  @Override
  public void copied(Descriptor blob) {
    blobs.add(blob.digest());
  }

  @Override
  public void absent(Digest child) {
    absent.add(child);
  }

  @Override
  public void tagged(String tag, Digest manifest) {
    tags.add(tag);
  }

  @Override
  public void reading(Descriptor blob, long bytes) {
    read.put(blob.digest(), bytes);
  }
}
