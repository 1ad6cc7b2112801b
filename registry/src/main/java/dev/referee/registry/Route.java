package dev.referee.registry;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a path is about (distribution-spec v1.1.1, "Endpoints").
///
/// Read from the right: names of repositories have slashes and may be made of the words `blobs`,
/// `tags` and `manifests`.
sealed interface Route {
  /// `/v2/`
  record Ping() implements Route {}

  /// `/v2/_catalog`
  record Catalog() implements Route {}

  /// `/v2/N/tags/list`
  record TagList(RepositoryName repository) implements Route {}

  /// `/v2/N/manifests/R`, where exactly one of tag and digest is present.
  record OneManifest(RepositoryName repository, @Nullable String tag, @Nullable Digest digest)
      implements Route {}

  /// `/v2/N/blobs/D`
  record OneBlob(RepositoryName repository, Digest digest) implements Route {}

  /// `/v2/N/blobs/uploads/`
  record AllUploads(RepositoryName repository) implements Route {}

  /// `/v2/N/blobs/uploads/I`
  record OneUpload(RepositoryName repository, String id) implements Route {}

  /// `/v2/N/referrers/D`
  record ReferrersOf(RepositoryName repository, Digest subject) implements Route {}

  /// `/_referee/v1/pins/N/D`
  record OnePin(RepositoryName repository, Digest digest) implements Route {}

  /// `/token`
  record Token() implements Route {}

  /// Finds the route of a path as it was sent.
  ///
  /// @throws RegistryException for a path that is none of them, or has an invalid name or digest
  static Route parse(String rawPath) throws RegistryException {
    var segments = RequestPath.segments(rawPath);
    if (segments.size() > 4 && segments.subList(0, 3).equals(List.of("_referee", "v1", "pins"))) {
      return new OnePin(name(segments.subList(3, segments.size()), 1), digest(segments.getLast()));
    }
    if (rawPath.equals(TokenEndpoint.PATH)) {
      return new Token();
    }
    if (!segments.getFirst().equals("v2")) {
      throw nothingHere();
    }
    var below = segments.subList(1, segments.size());
    if (below.isEmpty() || below.equals(List.of(""))) {
      return new Ping();
    }
    if (below.equals(List.of("_catalog"))) {
      return new Catalog();
    }
    int size = below.size();
    var last = below.getLast();
    var kind = size < 2 ? "" : below.get(size - 2);
    boolean inUploads = kind.equals("uploads") && size >= 4 && below.get(size - 3).equals("blobs");
    if (inUploads) {
      var repository = name(below, 3);
      return last.isEmpty() ? new AllUploads(repository) : new OneUpload(repository, last);
    }
    return switch (kind) {
      case "tags" -> {
        if (!last.equals("list")) {
          throw nothingHere();
        }
        yield new TagList(name(below, 2));
      }
      case "manifests" -> manifest(name(below, 2), last);
      case "blobs" ->
          last.equals("uploads")
              ? new AllUploads(name(below, 2))
              : new OneBlob(name(below, 2), digest(last));
      case "referrers" -> new ReferrersOf(name(below, 2), digest(last));
      default -> throw nothingHere();
    };
  }

  private static OneManifest manifest(RepositoryName repository, String reference)
      throws RegistryException {
    if (reference.indexOf(':') >= 0) {
      return new OneManifest(repository, null, digest(reference));
    }
    if (!Reference.isTag(reference)) {
      throw new RegistryException(
          ErrorCode.MANIFEST_INVALID, "the reference is neither a tag nor a digest");
    }
    return new OneManifest(repository, reference, null);
  }

  private static RepositoryName name(List<String> below, int behind) throws RegistryException {
    return RepositoryName.parse(String.join("/", below.subList(0, below.size() - behind)));
  }

  /// Reads a digest of a request.
  ///
  /// @throws RegistryException with `DIGEST_INVALID`
  static Digest digest(String text) throws RegistryException {
    try {
      return Digest.parse(text);
    } catch (MalformedContentException e) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID, String.valueOf(e.getMessage()));
    }
  }

  static RegistryException nothingHere() {
    return new RegistryException(
        ErrorCode.UNSUPPORTED, 404, "there is nothing at this path; the API is below /v2/");
  }
}
