package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.BlobContent;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request, before it is known who will answer it with what authority.
///
/// @param method `GET`, `HEAD`, `POST`, `PUT`
/// @param uri absolute
/// @param headers without `Authorization`, which only the session adds
/// @param body what is sent, if anything; can be read again for a second attempt
/// @param length the body's length in bytes
record HttpRequest(
    String method, URI uri, Map<String, String> headers, @Nullable BlobContent body, long length) {
  HttpRequest {
    requireNonNull(method, "method is null");
    requireNonNull(uri, "uri is null");
    headers = Map.copyOf(headers);
  }

  static HttpRequest of(String method, URI uri) {
    return new HttpRequest(method, uri, Map.of(), null, 0);
  }

  HttpRequest with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpRequest(method, uri, more, body, length);
  }

  HttpRequest withBody(BlobContent content, long bytes) {
    return new HttpRequest(method, uri, headers, content, bytes);
  }

  HttpRequest to(URI other) {
    return new HttpRequest(method, other, headers, body, length);
  }

  /// Whether sending it again cannot change anything.
  boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /// Whether a second attempt does no harm when nobody knows what became of the first: what is
  /// safe, and opening an upload, of which one more expires unused.
  boolean isRepeatable() {
    return isSafe() || (method.equals("POST") && body == null);
  }

  /// Without headers and query: both may hold secrets.
  @Override
  public String toString() {
    return "%s %s%s".formatted(method, Origin.of(uri), uri.getRawPath());
  }
}
