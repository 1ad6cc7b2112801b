package dev.referee.registry.mirror;

import static dev.referee.registry.content.ErrorCode.UNAVAILABLE;

import dev.referee.registry.content.RegistryException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends a blob that is larger than a mirror brings: whoever may pull chooses what is brought.
final class LimitedStream extends FilterInputStream {
  private final long limit;
  private long left;

  LimitedStream(InputStream stream, long limit) {
    super(stream);
    this.limit = limit;
    this.left = limit;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    left -= Math.max(count, 0);
    if (left < 0) {
      throw new RegistryException(
          UNAVAILABLE, "the blob has more than the %d bytes that are brought".formatted(limit));
    }
    return count;
  }
}
