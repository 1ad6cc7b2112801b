package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.TOO_MANY;
import static java.util.Objects.requireNonNull;

import dev.referee.client.Session.Redirects;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.SourceException;
import dev.referee.oci.json.StrictJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads lists of tags page by page (distribution-spec v1.1.1, "Listing Tags").
final class TagPages {
  private static final int MAX_PAGE_BYTES = 4 << 20;
  private static final int MAX_PAGES = 1_000;

  private final RemoteRepository repository;

  TagPages(RemoteRepository repository) {
    this.repository = requireNonNull(repository, "repository is null");
  }

  List<String> read(int max) throws SourceException {
    var request = repository.request("GET", "/tags/list");
    var tags = new ArrayList<String>();
    var seen = new HashSet<URI>();
    var next = Optional.of(request.uri());
    while (next.isPresent() && tags.size() < max) {
      if (!seen.add(next.get()) || seen.size() > MAX_PAGES) {
        throw new SourceException(
            TOO_MANY, "%s goes on for more than %d pages".formatted(request, MAX_PAGES));
      }
      next = read(request.to(next.get()), tags);
    }
    return List.copyOf(tags.subList(0, Math.min(max, tags.size())));
  }

  private Optional<URI> read(HttpRequest request, List<String> tags) throws SourceException {
    try (var response = repository.send(request, false, Redirects.SAME_ORIGIN)) {
      if (response.status() == 404) {
        return Optional.empty();
      }
      if (response.status() != 200) {
        throw ResponseFault.of(request, response);
      }
      var fields = StrictJson.readObject(response.bytes(MAX_PAGE_BYTES), MAX_PAGE_BYTES);
      for (var tag : fields.elements("tags")) {
        if (tag.isTextual()) {
          tags.add(tag.textValue());
        }
      }
      return NextPage.of(response);
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "%s was answered with no list of tags".formatted(request), e);
    }
  }
}
