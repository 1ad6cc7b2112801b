package dev.referee.registry.copy;

import static dev.referee.registry.copy.CopyReason.BLOB_MISSING;
import static dev.referee.registry.copy.CopyReason.SOURCE_FAILED;
import static dev.referee.registry.copy.CopyReason.TOO_LARGE;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Copies the blobs that a manifest names, a few at once.
final class BlobCopy {
  /// Enough to fill a line; each holds a chunk or two in memory.
  private static final int AT_ONCE = 4;

  private final CopySource source;
  private final CopyTarget target;
  private final CopyProgress progress;
  private final long maxBytes;

  BlobCopy(CopySource source, CopyTarget target, CopyProgress progress, long maxBytes) {
    this.source = source;
    this.target = target;
    this.progress = progress;
    this.maxBytes = maxBytes;
  }

  void copy(ImageManifest image) throws CopyException {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    blobs.put(image.config().digest(), image.config());
    image.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var underWay = new ArrayList<Future<?>>();
      for (var blob : blobs.values()) {
        underWay.add(
            threads.submit(
                () -> {
                  copyUnlessElsewhere(blob);
                  return null;
                }));
      }
      await(underWay, threads);
    }
  }

  private static void await(List<Future<?>> underWay, ExecutorService threads)
      throws CopyException {
    try {
      for (var one : underWay) {
        one.get();
      }
    } catch (ExecutionException e) {
      threads.shutdownNow();
      throw e.getCause() instanceof CopyException failure
          ? failure
          : new CopyException(SOURCE_FAILED, "copying a blob failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new CopyException(SOURCE_FAILED, "the copy was interrupted", e);
    }
  }

  /// Layers that may not be distributed are where their URLs say, and often nowhere else.
  private void copyUnlessElsewhere(Descriptor blob) throws CopyException {
    if (blob.mediaType().isNonDistributable()) {
      copyIfPresent(blob);
    } else {
      copy(blob);
    }
  }

  void copyIfPresent(Descriptor blob) throws CopyException {
    try {
      copy(blob);
    } catch (CopyException e) {
      if (e.reason() != BLOB_MISSING) {
        throw e;
      }
      progress.absent(blob.digest());
    }
  }

  private void copy(Descriptor blob) throws CopyException {
    if (blob.size() > maxBytes) {
      throw new CopyException(
          TOO_LARGE,
          "%s has %d bytes, at most %d are copied".formatted(blob.digest(), blob.size(), maxBytes));
    }
    var content = new SourceBlob(source, blob, progress);
    try {
      target.putBlob(blob, content);
    } catch (CopyException e) {
      var failure = content.failure();
      throw failure == null ? e : failure;
    }
    if (content.wasOpened()) {
      progress.copied(blob);
    }
  }
}
