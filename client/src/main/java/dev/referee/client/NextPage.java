package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;

import dev.referee.oci.SourceException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a paged list goes on: the `Link` header with `rel="next"` (distribution-spec v1.1.1,
/// "Listing Tags"; RFC 8288).
final class NextPage {
  private static final Pattern LINK =
      Pattern.compile(
          "<([^<>]{1,4096})>\\s*;[^,]*?\\brel\\s*=\\s*\"?next\"?", Pattern.CASE_INSENSITIVE);

  private NextPage() {}

  /// The next page, if there is one.
  ///
  /// @throws SourceException when it is at another origin: a list has no business elsewhere, and
  ///   our credentials neither
  static Optional<URI> of(HttpResponse response) throws SourceException {
    for (var header : response.headers("Link")) {
      var link = LINK.matcher(header.substring(0, Math.min(header.length(), 8192)));
      if (link.find()) {
        return Optional.of(resolve(response.uri(), link.group(1)));
      }
    }
    return Optional.empty();
  }

  private static URI resolve(URI page, String target) throws SourceException {
    try {
      var next = UriReference.resolve(page, target);
      if (Origin.of(next).equals(Origin.of(page))) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw new SourceException(
        MALFORMED_RESPONSE,
        "%s%s goes on at what is not its own origin".formatted(Origin.of(page), page.getRawPath()));
  }
}
