package dev.referee.oci;

import static dev.referee.oci.SourceReason.DIGEST_MISMATCH;
import static dev.referee.oci.SourceReason.SIZE_MISMATCH;
import static java.util.Objects.requireNonNull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// Proves that a stream is the content a descriptor names. The end of the stream is only ever
/// reported when both size and digest were right, and a byte too many is never handed out.
public final class VerifyingInputStream extends FilterInputStream {
  private final Descriptor expected;
  private final MessageDigest hasher;
  private long remaining;
  private boolean proven;

  public VerifyingInputStream(InputStream content, Descriptor expected) {
    super(requireNonNull(content, "content is null"));
    this.expected = requireNonNull(expected, "expected is null");
    this.hasher = expected.digest().algorithm().newHasher();
    this.remaining = expected.size();
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (proven) {
      return -1;
    }
    if (remaining == 0) {
      prove();
      return -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, remaining));
    if (count < 0) {
      throw new SourceException(
          SIZE_MISMATCH,
          "%s ended %d bytes before its %d bytes"
              .formatted(expected.digest(), remaining, expected.size()));
    }
    hasher.update(buffer, offset, count);
    remaining -= count;
    return count;
  }

  private void prove() throws IOException {
    if (in.read() >= 0) {
      throw new SourceException(
          SIZE_MISMATCH,
          "%s goes on after its %d bytes".formatted(expected.digest(), expected.size()));
    }
    var actual = Digest.ofHasher(expected.digest().algorithm(), hasher);
    if (!actual.equals(expected.digest())) {
      throw new SourceException(
          DIGEST_MISMATCH, "asked for %s, was given %s".formatted(expected.digest(), actual));
    }
    proven = true;
  }

  /// Skipping would leave bytes unhashed, so skipped bytes are read.
  @Override
  public long skip(long count) throws IOException {
    var buffer = new byte[8192];
    long skipped = 0;
    while (skipped < count) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void mark(int limit) {
    // Not supported: marking would let bytes be hashed twice.
  }

  @Override
  public void reset() throws IOException {
    throw new IOException("mark and reset are not supported");
  }
}
