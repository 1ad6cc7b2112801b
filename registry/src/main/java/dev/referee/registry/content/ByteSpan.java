package dev.referee.registry.content;

/// The place of a chunk in its upload, as the client says it (`Content-Range`).
///
/// @param start offset of the first byte
/// @param end offset of the last byte
public record ByteSpan(long start, long end) {
  public ByteSpan {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("%d-%d is not a span of bytes".formatted(start, end));
    }
  }

  public long length() {
    return end - start + 1;
  }
}
