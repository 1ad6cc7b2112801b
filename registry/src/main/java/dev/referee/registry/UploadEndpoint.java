package dev.referee.registry;

import dev.referee.oci.Digest;
import dev.referee.oci.DigestAlgorithm;
import dev.referee.registry.access.Action;
import dev.referee.registry.access.Caller;
import dev.referee.registry.content.Blobs;
import dev.referee.registry.content.ByteSpan;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.UploadScope;
import dev.referee.registry.content.Uploads;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes blobs (distribution-spec v1.1.1, end-4 to end-6, end-11, end-13, and the cancel of v1.2,
/// end-14).
final class UploadEndpoint {
  private final Uploads uploads;
  private final Blobs blobs;

  UploadEndpoint(Uploads uploads, Blobs blobs) {
    this.uploads = uploads;
    this.blobs = blobs;
  }

  void handle(Exchange exchange, Route.AllUploads route, Caller caller) throws IOException {
    if (!exchange.method().equals("POST")) {
      throw Methods.refuse(exchange, "POST");
    }
    var repository = route.repository();
    var scope = new UploadScope(repository, caller.name());
    var mount = exchange.query("mount");
    if (mount != null && mount(exchange, repository, Route.digest(mount), caller)) {
      return;
    }
    var digest = exchange.query("digest");
    if (digest != null && mount == null) {
      single(exchange, scope, Route.digest(digest));
      return;
    }
    checkAlgorithm(exchange.query("digest-algorithm"));
    progress(exchange, 202, repository, uploads.begin(scope), 0);
  }

  void handle(Exchange exchange, Route.OneUpload route, Caller caller) throws IOException {
    var scope = new UploadScope(route.repository(), caller.name());
    switch (exchange.method()) {
      case "GET" ->
          progress(
              exchange, 204, route.repository(), route.id(), uploads.offset(scope, route.id()));
      case "PATCH" -> append(exchange, scope, route.id());
      case "PUT" -> finish(exchange, scope, route.id());
      case "DELETE" -> {
        uploads.cancel(scope, route.id());
        exchange.respond(204);
      }
      default -> throw Methods.refuse(exchange, "GET, PATCH, PUT, DELETE");
    }
  }

  /// A mount that finds nothing becomes an ordinary upload, and so does one from a repository that
  /// the caller may not pull from: whether a blob exists there is not told (CVE-2024-39897).
  private boolean mount(Exchange exchange, RepositoryName repository, Digest digest, Caller caller)
      throws IOException {
    var from = exchange.query("from");
    boolean mounted =
        blobs.mount(
            repository,
            digest,
            from == null ? null : RepositoryName.parse(from),
            source -> caller.may(Action.PULL, source));
    if (!mounted) {
      return false;
    }
    created(exchange, repository, digest);
    return true;
  }

  private void single(Exchange exchange, UploadScope scope, Digest digest) throws IOException {
    uploads.single(scope, exchange.body(), digest);
    created(exchange, scope.repository(), digest);
  }

  private void append(Exchange exchange, UploadScope scope, String id) throws IOException {
    try {
      long offset = uploads.append(scope, id, span(exchange), exchange.body());
      progress(exchange, 202, scope.repository(), id, offset);
    } catch (RegistryException e) {
      throw whereItIs(exchange, scope, id, e);
    }
  }

  private void finish(Exchange exchange, UploadScope scope, String id) throws IOException {
    var text = exchange.query("digest");
    if (text == null) {
      throw new RegistryException(
          ErrorCode.DIGEST_INVALID, "the digest is missing: PUT ...?digest=sha256:...");
    }
    var digest = Route.digest(text);
    try {
      uploads.finish(scope, id, span(exchange), exchange.body(), digest);
      created(exchange, scope.repository(), digest);
    } catch (RegistryException e) {
      throw whereItIs(exchange, scope, id, e);
    }
  }

  /// A client that sent a piece out of order is told where to go on.
  private RegistryException whereItIs(
      Exchange exchange, UploadScope scope, String id, RegistryException refusal) {
    if (refusal.code() == ErrorCode.BLOB_UPLOAD_INVALID) {
      try {
        long offset = uploads.offset(scope, id);
        place(exchange, scope.repository(), id, offset);
      } catch (IOException e) {
        // Then the client asks itself.
        refusal.addSuppressed(e);
      }
    }
    return refusal;
  }

  private static void progress(
      Exchange exchange, int status, RepositoryName repository, String id, long offset) {
    place(exchange, repository, id, offset);
    exchange.respond(status);
  }

  private static void place(Exchange exchange, RepositoryName repository, String id, long offset) {
    exchange.setHeader("Location", "/v2/%s/blobs/uploads/%s".formatted(repository, id));
    exchange.setHeader("Docker-Upload-UUID", id);
    // Nothing yet and one byte look the same; clients know which it is.
    exchange.setHeader("Range", "0-" + Math.max(0, offset - 1));
  }

  private static void created(Exchange exchange, RepositoryName repository, Digest digest) {
    exchange.setHeader("Location", "/v2/%s/blobs/%s".formatted(repository, digest));
    exchange.setHeader("Docker-Content-Digest", digest.toString());
    exchange.respond(201);
  }

  private static @Nullable ByteSpan span(Exchange exchange) throws RegistryException {
    var header = exchange.header("Content-Range");
    return header == null ? null : ContentRange.parse(header, exchange.bodyLength());
  }

  private static void checkAlgorithm(@Nullable String algorithm) throws RegistryException {
    if (algorithm != null
        && Arrays.stream(DigestAlgorithm.values()).noneMatch(a -> a.prefix().equals(algorithm))) {
      throw new RegistryException(
          ErrorCode.DIGEST_INVALID, "the digest algorithm is neither sha256 nor sha512");
    }
  }
}
