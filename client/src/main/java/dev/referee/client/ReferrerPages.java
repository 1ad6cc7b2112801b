package dev.referee.client;

import static dev.referee.oci.SourceReason.TOO_MANY;
import static java.util.Objects.requireNonNull;

import dev.referee.client.Session.Redirects;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads lists of referrers page by page (distribution-spec v1.1.1, "Listing Referrers").
///
/// Registries without the API say so in many ways: 404 and 400, 405, 406, 501, a web page, or a
/// redirect to one. All of those mean "ask the tag schema". A refusal or an outage does not.
final class ReferrerPages {
  /// As many as a decision would ever open, and some.
  private static final int MAX_DESCRIPTORS = 4_000;

  /// A page is 4 MiB at most; a registry that needs more of them for as many entries is going in
  /// circles.
  private static final int MAX_PAGES = 100;

  private final RemoteRepository repository;

  ReferrerPages(RemoteRepository repository) {
    this.repository = requireNonNull(repository, "repository is null");
  }

  private record Page(List<Descriptor> descriptors, Optional<URI> next) {}

  ReferrerList read(Digest subject) throws SourceException {
    var request = repository.request("GET", "/referrers/" + subject);
    var descriptors = new ArrayList<Descriptor>();
    var seen = new HashSet<URI>();
    var next = Optional.of(request.uri());
    while (next.isPresent() && descriptors.size() < MAX_DESCRIPTORS) {
      if (!seen.add(next.get()) || seen.size() > MAX_PAGES) {
        throw new SourceException(
            TOO_MANY, "%s goes on for more than %d pages".formatted(request, MAX_PAGES));
      }
      var page = read(request.to(next.get()));
      if (page.isEmpty()) {
        return ReferrerList.unsupported();
      }
      descriptors.addAll(page.get().descriptors());
      next = page.get().next();
    }
    return ReferrerList.of(descriptors);
  }

  /// One page; empty where the registry does not have the API.
  private Optional<Page> read(HttpRequest request) throws SourceException {
    var asking = request.with("Accept", MediaType.OCI_INDEX.value());
    try (var response = repository.send(asking, false, Redirects.SAME_ORIGIN)) {
      return switch (response.status()) {
        case 200 -> page(response);
        case 400, 404, 405, 406, 501 -> Optional.empty();
        default -> {
          if (response.isRedirect()) {
            yield Optional.empty();
          }
          throw ResponseFault.of(asking, response);
        }
      };
    }
  }

  private static Optional<Page> page(HttpResponse response) throws SourceException {
    if (!response.header("Content-Type").map(ReferrerPages::isIndex).orElse(false)) {
      return Optional.empty();
    }
    try {
      var body = response.bytes(Manifest.MAX_BYTES);
      return Manifest.parse(body, MediaType.OCI_INDEX) instanceof Index index
          ? Optional.of(new Page(index.manifests(), NextPage.of(response)))
          : Optional.empty();
    } catch (MalformedContentException e) {
      return Optional.empty();
    }
  }

  private static boolean isIndex(String contentType) {
    try {
      return MediaType.ofContentType(contentType).equals(MediaType.OCI_INDEX);
    } catch (MalformedContentException e) {
      return false;
    }
  }
}
