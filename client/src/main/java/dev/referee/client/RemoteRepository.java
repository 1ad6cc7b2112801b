package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static java.util.Objects.requireNonNull;

import dev.referee.client.Session.Redirects;
import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.MediaType;
import dev.referee.oci.Reference;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.VerifyingInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One repository of a registry, read and written over HTTP until a deadline.
public final class RemoteRepository implements ArtifactSource, ArtifactSink {
  /// Some registries hide what is not asked for, and one with `*/*` alone (distribution#3938).
  private static final String MANIFEST_TYPES =
      String.join(
          ",",
          MediaType.OCI_MANIFEST.value(),
          MediaType.OCI_INDEX.value(),
          MediaType.DOCKER_MANIFEST.value(),
          MediaType.DOCKER_MANIFEST_LIST.value());

  private final Session session;
  private final Repository repository;
  private final Deadline deadline;

  RemoteRepository(Session session, Repository repository, Deadline deadline) {
    this.session = requireNonNull(session, "session is null");
    this.repository = requireNonNull(repository, "repository is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
  }

  @Override
  public Optional<ManifestContent> manifest(String tag) throws SourceException {
    if (!Reference.isTag(tag)) {
      return Optional.empty();
    }
    return fetch(tag, ManifestContent::byTag);
  }

  @Override
  public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
    return fetch(
        digest.toString(),
        (bytes, mediaType) -> ManifestContent.byDigest(digest, bytes, mediaType));
  }

  /// Makes a manifest of what was delivered.
  private interface Receipt {
    ManifestContent of(byte[] bytes, @Nullable MediaType mediaType) throws SourceException;
  }

  private Optional<ManifestContent> fetch(String reference, Receipt receipt)
      throws SourceException {
    var request = get("/manifests/" + reference).with("Accept", MANIFEST_TYPES);
    try (var response = session.send(request, pull(), Redirects.ANYWHERE, deadline)) {
      if (response.status() == 404) {
        return Optional.empty();
      }
      if (response.status() != 200) {
        throw ResponseFault.of(request, response);
      }
      var type = response.header("Content-Type");
      return Optional.of(
          receipt.of(
              response.bytes(Manifest.MAX_BYTES),
              type.isPresent() ? mediaType(request, type.get()) : null));
    }
  }

  private static MediaType mediaType(HttpRequest request, String header) throws SourceException {
    try {
      return MediaType.ofContentType(header);
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, request + " was answered without a readable Content-Type", e);
    }
  }

  @Override
  public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
    return blob(descriptor.digest()).map(body -> new VerifyingInputStream(body, descriptor));
  }

  /// The blob with this digest, whatever its size. The bytes are what the registry sent: whoever
  /// reads them bounds and proves them.
  public Optional<InputStream> blob(Digest digest) throws SourceException {
    var request = get("/blobs/" + digest);
    var response = session.send(request, pull(), Redirects.ANYWHERE, deadline);
    if (response.status() == 200) {
      return Optional.of(response.body());
    }
    try (response) {
      if (response.status() == 404) {
        return Optional.empty();
      }
      throw ResponseFault.of(request, response);
    }
  }

  @Override
  public ReferrerList referrers(Digest subject) throws SourceException {
    return new ReferrerPages(this).read(subject);
  }

  /// The tags of the repository, in the registry's order; empty where there is no such repository.
  ///
  /// @param max how many are read at most
  public List<String> tags(int max) throws SourceException {
    return new NamePages("tags", request -> send(request, false, Redirects.SAME_ORIGIN))
        .read(get("/tags/list"), max);
  }

  @Override
  public void putBlob(Descriptor descriptor, BlobContent content) throws SourceException {
    new BlobUpload(this).upload(descriptor, content);
  }

  @Override
  public Digest putManifest(byte[] manifest, MediaType mediaType, @Nullable String tag)
      throws SourceException {
    var digest = Digest.of(manifest);
    putManifest(digest, manifest, mediaType, tag);
    return digest;
  }

  /// Stores a manifest under this digest, by whichever algorithm it is.
  ///
  /// @param tag the tag to point at it, if any; with one the registry chooses the algorithm, which
  ///   is SHA-256
  public void putManifest(Digest digest, byte[] manifest, MediaType mediaType, @Nullable String tag)
      throws SourceException {
    new ManifestUpload(this).upload(digest, manifest, mediaType, tag);
  }

  /// Sends a request of one of the collaborators.
  HttpResponse send(HttpRequest request, boolean push, Redirects redirects) throws SourceException {
    var scope = push ? Scope.push(repository) : Scope.pull(repository);
    return session.send(request, scope, redirects, deadline);
  }

  /// A request for something of this repository.
  ///
  /// @param path from the slash after the repository's name on, encoded
  HttpRequest request(String method, String path) throws SourceException {
    var origin = session.origin(repository, deadline);
    return HttpRequest.of(method, origin.uri("/v2/" + repository.path() + path));
  }

  private HttpRequest get(String path) throws SourceException {
    return request("GET", path);
  }

  private Scope pull() {
    return Scope.pull(repository);
  }

  @Override
  public String toString() {
    return repository.toString();
  }
}
