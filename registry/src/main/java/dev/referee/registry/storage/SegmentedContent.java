package dev.referee.registry.storage;

import static dev.referee.registry.storage.SegmentBuffers.SEGMENT_BYTES;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An object of several segments.
record SegmentedContent(S3Bucket bucket, String dataPrefix, SegmentList segments)
    implements StoredContent {
  @Override
  public long size() {
    return segments.size();
  }

  @Override
  public @Nullable Path file() {
    return null;
  }

  @Override
  public InputStream stream(long offset) {
    return new Segments(offset);
  }

  /// Opens one segment after the other. A segment that is shorter than it must be is an error, so
  /// that what is cut off is never taken for whole.
  private final class Segments extends InputStream {
    private long position;
    private @Nullable InputStream current;

    private Segments(long offset) {
      this.position = offset;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= segments.size()) {
        return -1;
      }
      int index = (int) (position / SEGMENT_BYTES);
      var stream = current;
      if (stream == null) {
        var key = dataPrefix + segments.upload() + "/" + segments.names().get(index);
        stream = bucket.stream(key, position % SEGMENT_BYTES);
        current = stream;
      }
      long left = Math.min(segments.size(), (index + 1L) * SEGMENT_BYTES) - position;
      int count = stream.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("a segment ended %d bytes before its end".formatted(left));
      }
      position += count;
      if (count == left) {
        stream.close();
        current = null;
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      var stream = current;
      if (stream instanceof software.amazon.awssdk.http.Abortable abortable) {
        // Not read to its end by us: nobody wants the rest.
        abortable.abort();
      } else if (stream != null) {
        stream.close();
      }
      current = null;
    }
  }
}
