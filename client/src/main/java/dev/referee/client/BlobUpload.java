package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static java.util.Objects.requireNonNull;

import dev.referee.client.Session.Redirects;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.SourceException;
import java.net.URI;

/// Pushes blobs: one POST for a place to upload to, one PUT with the content (distribution-spec
/// v1.1.1, "Pushing a blob monolithically").
final class BlobUpload {
  private final RemoteRepository repository;

  BlobUpload(RemoteRepository repository) {
    this.repository = requireNonNull(repository, "repository is null");
  }

  void upload(Descriptor descriptor, BlobContent content) throws SourceException {
    if (isThere(descriptor)) {
      return;
    }
    var request = repository.request("POST", "/blobs/uploads/");
    URI place;
    try (var response = repository.send(request, true, Redirects.SAME_ORIGIN)) {
      if (response.status() != 202) {
        throw ResponseFault.of(request, response);
      }
      place = place(response, descriptor);
    }
    var put =
        HttpRequest.of("PUT", place)
            .with("Content-Type", "application/octet-stream")
            .withBody(content, descriptor.size());
    try (var response = repository.send(put, true, Redirects.SAME_ORIGIN)) {
      if (response.status() != 201) {
        throw ResponseFault.of(put, response);
      }
    }
  }

  private boolean isThere(Descriptor descriptor) throws SourceException {
    var request = repository.request("HEAD", "/blobs/" + descriptor.digest());
    try (var response = repository.send(request, true, Redirects.ANYWHERE)) {
      return response.status() == 200;
    }
  }

  /// The upload's place with the digest appended to whatever query it has. It may be at another
  /// origin, which then gets no credentials of the registry's.
  private static URI place(HttpResponse response, Descriptor descriptor) throws SourceException {
    try {
      var location = UriReference.resolve(response.uri(), response.header("Location").orElse(""));
      var query = location.getRawQuery();
      var digest = "digest=" + descriptor.digest().toString().replace(":", "%3A");
      var path =
          "%s?%s%s"
              .formatted(
                  location.getRawPath(),
                  query == null || query.isEmpty() ? "" : query + "&",
                  digest);
      return Origin.of(location).uri(path);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "a registry named a place to upload to that is no URL", e);
    }
  }
}
