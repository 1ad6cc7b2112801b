package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.TOO_MANY;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import dev.referee.oci.SourceException;
import dev.referee.oci.json.StrictJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads lists of names page by page: the tags of a repository (distribution-spec v1.1.1, "Listing
/// Tags") and the repositories of a registry (its `_catalog`, as distribution has it).
final class NamePages {
  private static final int MAX_PAGE_BYTES = 4 << 20;
  private static final int MAX_PAGES = 1_000;

  private final String field;
  private final Sender sender;

  /// @param field of the answer, whose value is the list
  NamePages(String field, Sender sender) {
    this.field = requireNonNull(field, "field is null");
    this.sender = requireNonNull(sender, "sender is null");
  }

  /// Asks for a page.
  @FunctionalInterface
  interface Sender {
    HttpResponse send(HttpRequest request) throws SourceException;
  }

  /// All names; none where there is no such list.
  ///
  /// @param first the request of the first page
  /// @param max how many names are read at most
  List<String> read(HttpRequest first, int max) throws SourceException {
    var names = new ArrayList<String>();
    var seen = new HashSet<URI>();
    var next = Optional.of(first.uri());
    while (next.isPresent() && names.size() < max) {
      if (!seen.add(next.get()) || seen.size() > MAX_PAGES) {
        throw new SourceException(
            TOO_MANY, "%s goes on for more than %d pages".formatted(first, MAX_PAGES));
      }
      next = read(first.to(next.get()), names);
    }
    return List.copyOf(names.subList(0, Math.min(max, names.size())));
  }

  private Optional<URI> read(HttpRequest request, List<String> names) throws SourceException {
    try (var response = sender.send(request)) {
      if (response.status() == 404) {
        return Optional.empty();
      }
      if (response.status() != 200) {
        throw ResponseFault.of(request, response);
      }
      var fields = StrictJson.readObject(response.bytes(MAX_PAGE_BYTES), MAX_PAGE_BYTES);
      for (var name : fields.elements(field)) {
        if (name.isTextual()) {
          names.add(name.textValue());
        }
      }
      return NextPage.of(response);
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "%s was answered with no list of %s".formatted(request, field), e);
    }
  }
}
