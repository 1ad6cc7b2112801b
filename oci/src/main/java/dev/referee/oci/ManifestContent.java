package dev.referee.oci;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// A manifest as it was delivered: bytes whose digest was computed here, not taken from anybody's
/// word. The bytes are the truth and are never written anew.
public final class ManifestContent {
  private final Digest digest;
  private final byte[] bytes;
  private final @Nullable MediaType delivered;

  private ManifestContent(Digest digest, byte[] bytes, @Nullable MediaType delivered) {
    this.digest = digest;
    this.bytes = bytes;
    this.delivered = delivered;
  }

  /// Content that was asked for by tag: its SHA-256 digest is its name from here on.
  public static ManifestContent byTag(byte[] bytes, @Nullable MediaType delivered) {
    return new ManifestContent(Digest.of(bytes), bytes, delivered);
  }

  /// Content that was asked for by digest.
  ///
  /// @throws SourceException with `DIGEST_MISMATCH` when the bytes are others (CVE-2023-47630)
  public static ManifestContent byDigest(
      Digest expected, byte[] bytes, @Nullable MediaType delivered) throws SourceException {
    requireNonNull(expected, "expected is null");
    var actual = Digest.of(expected.algorithm(), bytes);
    if (!actual.equals(expected)) {
      throw new SourceException(
          SourceReason.DIGEST_MISMATCH,
          "asked for manifest %s, was given %s".formatted(expected, actual));
    }
    return new ManifestContent(expected, bytes, delivered);
  }

  public Digest digest() {
    return digest;
  }

  /// The bytes as stored; callers do not change them.
  public byte[] bytes() {
    return bytes;
  }

  /// Reads the bytes.
  ///
  /// @throws MalformedContentException when they are no manifest
  public Manifest parse() {
    return Manifest.parse(bytes, delivered);
  }

  /// The descriptor of this manifest.
  ///
  /// @throws MalformedContentException when it is no manifest
  public Descriptor descriptor() {
    return new Descriptor(parse().mediaType(), digest, bytes.length);
  }
}
