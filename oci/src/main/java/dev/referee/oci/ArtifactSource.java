package dev.referee.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads the artifacts of one repository: a registry's, a layout's on disk, or a test's in memory.
///
/// Every method may block; callers run on virtual threads. An absent artifact is an empty result, a
/// fault is a [SourceException]; nothing else escapes.
public interface ArtifactSource {
  /// The manifest that a tag names now. The answer may change between two calls, so a tag is
  /// resolved once and everything after is asked by digest (CVE-2022-47633).
  Optional<ManifestContent> manifest(String tag) throws SourceException;

  /// The manifest with this digest, proven by hashing it.
  Optional<ManifestContent> manifest(Digest digest) throws SourceException;

  /// The blob with this digest, as a stream that proves size and digest before its end. A caller
  /// that stops earlier has proven nothing.
  Optional<InputStream> blob(Descriptor descriptor) throws SourceException;

  /// What refers to this digest, by the source's own index of referrers. Callers ask the tag schema
  /// themselves.
  ReferrerList referrers(Digest subject) throws SourceException;

  /// The whole blob, proven.
  ///
  /// @param maxBytes a descriptor that says more is refused unread
  /// @throws SourceException with `TOO_LARGE`, `SIZE_MISMATCH`, `DIGEST_MISMATCH` or a fault of the
  ///   transport
  default Optional<byte[]> blobBytes(Descriptor descriptor, int maxBytes) throws SourceException {
    if (descriptor.size() > maxBytes) {
      throw new SourceException(
          SourceReason.TOO_LARGE,
          "blob %s has %d bytes, at most %d are read"
              .formatted(descriptor.digest(), descriptor.size(), maxBytes));
    }
    var blob = blob(descriptor);
    if (blob.isEmpty()) {
      return Optional.empty();
    }
    try (var stream = blob.get()) {
      return Optional.of(stream.readAllBytes());
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(
          SourceReason.UNREACHABLE,
          "reading blob %s failed: %s".formatted(descriptor.digest(), e.getMessage()),
          e);
    }
  }
}
