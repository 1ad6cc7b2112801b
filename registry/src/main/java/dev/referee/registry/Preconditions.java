package dev.referee.registry;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.TagCondition;
import dev.referee.server.Exchange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `If-Match` and `If-None-Match` of a request that changes something (RFC 9110 sections 13.1.1 and
/// 13.1.2), where the entity tag of a manifest is its digest in quotes.
///
/// What is no entity tag is refused and not ignored: the client relies on it.
final class Preconditions {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

  private Preconditions() {}

  /// What a request wants to be true; [TagCondition#ALWAYS] for one that does not say.
  ///
  /// @throws RegistryException with `REQUEST_INVALID` for what is no entity tag
  static TagCondition of(Exchange exchange) throws RegistryException {
    var match = Wanted.of(exchange.headers("If-Match"), false);
    var noneMatch = Wanted.of(exchange.headers("If-None-Match"), true);
    if (match == null && noneMatch == null) {
      return TagCondition.ALWAYS;
    }
    return current ->
        (match == null || match.names(current)) && (noneMatch == null || !noneMatch.names(current));
  }

  /// One of the two headers.
  ///
  /// @param any `*`: whatever is there
  private record Wanted(boolean any, Set<Digest> digests) {
    static @Nullable Wanted of(List<String> headers, boolean weakToo) throws RegistryException {
      if (headers.isEmpty()) {
        return null;
      }
      boolean any = false;
      var digests = new HashSet<Digest>();
      for (var header : headers) {
        for (var element : header.split(",", -1)) {
          var text = element.strip();
          if (text.equals("*")) {
            any = true;
          } else if (!text.isEmpty()) {
            add(digests, text, weakToo);
          }
        }
      }
      if (!any && digests.isEmpty() && weakToo) {
        throw invalid();
      }
      return new Wanted(any, Set.copyOf(digests));
    }

    /// A tag that no manifest of ours can have matches none, and so does a weak one of `If-Match`.
    private static void add(Set<Digest> digests, String text, boolean weakToo)
        throws RegistryException {
      var matcher = TAG.matcher(text);
      if (!matcher.matches()) {
        throw invalid();
      }
      boolean weak = matcher.group(1) != null;
      try {
        var digest = Digest.parse(matcher.group(2));
        if (!weak || weakToo) {
          digests.add(digest);
        }
      } catch (MalformedContentException e) {
        if (weakToo) {
          // "Unless it is this" of something that never is would be no condition at all.
          throw invalid();
        }
      }
    }

    boolean names(@Nullable Digest current) {
      return current != null && (any || digests.contains(current));
    }

    private static RegistryException invalid() {
      return new RegistryException(
          ErrorCode.REQUEST_INVALID,
          "If-Match and If-None-Match take * or the digests of manifests in quotes");
    }
  }
}
