package dev.referee.registry.copy;

import static dev.referee.registry.copy.CopyReason.BLOB_MISSING;

import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A blob on its way, which remembers how its source failed: whoever stores it only sees that the
/// bytes ended.
final class SourceBlob implements BlobContent {
  private static final Duration LEAST = Duration.ofMinutes(2);

  /// A line slower than this is taken for one that is dead.
  private static final long MIN_BYTES_PER_SECOND = 64 << 10;

  private final CopySource source;
  private final Descriptor descriptor;
  private final CopyProgress progress;
  private volatile boolean opened;
  private volatile @Nullable CopyException failure;

  SourceBlob(CopySource source, Descriptor descriptor, CopyProgress progress) {
    this.source = source;
    this.descriptor = descriptor;
    this.progress = progress;
  }

  /// How long it may take to move so many bytes.
  static Duration budget(long bytes) {
    return LEAST.plusSeconds(bytes / MIN_BYTES_PER_SECOND);
  }

  /// Whether anybody wanted the bytes.
  boolean wasOpened() {
    return opened;
  }

  /// How the source failed; null when it did not.
  @Nullable CopyException failure() {
    return failure;
  }

  @Override
  public InputStream open() throws IOException {
    opened = true;
    failure = null;
    try {
      var stream = source.within(budget(descriptor.size())).blob(descriptor);
      if (stream.isPresent()) {
        return new Watched(stream.get());
      }
    } catch (SourceException e) {
      throw failed(CopyException.ofSource(e));
    }
    throw failed(new CopyException(BLOB_MISSING, "the source has no blob " + descriptor.digest()));
  }

  private CopyException failed(CopyException e) {
    failure = e;
    return e;
  }

  private final class Watched extends FilterInputStream {
    private long count;

    Watched(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
          count += read;
          progress.reading(descriptor, count);
        }
        return read;
      } catch (SourceException e) {
        throw failed(CopyException.ofSource(e));
      } catch (IOException e) {
        throw failed(
            new CopyException(
                CopyReason.SOURCE_FAILED,
                "reading %s failed: %s".formatted(descriptor.digest(), e.getMessage()),
                e));
      }
    }
  }
}
