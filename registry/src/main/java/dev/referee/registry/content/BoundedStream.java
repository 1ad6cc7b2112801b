package dev.referee.registry.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/// Refuses a stream that has more than its bound.
public final class BoundedStream extends FilterInputStream {
  private final Supplier<RegistryException> refusal;
  private long left;

  /// @param bound in bytes
  /// @param refusal what a stream with more of them fails with
  public BoundedStream(InputStream content, long bound, Supplier<RegistryException> refusal) {
    super(content);
    this.left = bound;
    this.refusal = refusal;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > left) {
      throw refusal.get();
    }
    left -= Math.max(0, count);
    return count;
  }
}
