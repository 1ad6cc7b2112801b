package dev.referee.client;

import static dev.referee.oci.SourceReason.TOO_LARGE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// An answer whose body is still on its way. Whoever holds it closes it.
///
/// @param uri what was asked, after redirects
/// @param status the status code
/// @param headers the headers
/// @param body the body, as a stream
record HttpResponse(URI uri, int status, MultiMap headers, ResponseBody body)
    implements AutoCloseable {
  HttpResponse {
    requireNonNull(uri, "uri is null");
    requireNonNull(headers, "headers is null");
    requireNonNull(body, "body is null");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  List<String> headers(String name) {
    return headers.getAll(name);
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> header("Location").isPresent();
      default -> false;
    };
  }

  /// The whole body.
  ///
  /// @throws SourceException with `TOO_LARGE` when there is more, without reading it
  byte[] bytes(int maxBytes) throws SourceException {
    if (declaredLength() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try {
      var bytes = body.readNBytes(maxBytes);
      if (bytes.length == maxBytes && body.read() >= 0) {
        throw tooLarge(maxBytes);
      }
      return bytes;
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(
          SourceReason.UNREACHABLE, "%s broke off: %s".formatted(uri, e.getMessage()), e);
    }
  }

  private long declaredLength() {
    try {
      return header("Content-Length").map(Long::parseLong).orElse(-1L);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private SourceException tooLarge(int maxBytes) {
    return new SourceException(
        TOO_LARGE,
        "%s%s answered with more than %d bytes"
            .formatted(Origin.of(uri), uri.getRawPath(), maxBytes));
  }

  @Override
  public void close() {
    body.close();
  }
}
