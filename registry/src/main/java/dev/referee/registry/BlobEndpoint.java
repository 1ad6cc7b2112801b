package dev.referee.registry;

import dev.referee.oci.Digest;
import dev.referee.registry.content.Blobs;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.events.Events;
import dev.referee.registry.events.RegistryEvent;
import dev.referee.registry.mirror.Supply;
import dev.referee.registry.storage.StoredContent;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Reads and deletes blobs (distribution-spec v1.1.1, end-2 and end-10).
final class BlobEndpoint {
  private static final String OCTETS = "application/octet-stream";

  private final Blobs blobs;
  private final Supply supply;
  private final Events events;
  private final InstantSource clock;

  BlobEndpoint(Blobs blobs, Supply supply, Events events, InstantSource clock) {
    this.blobs = blobs;
    this.supply = supply;
    this.events = events;
    this.clock = clock;
  }

  void handle(Exchange exchange, Route.OneBlob route) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" -> read(exchange, route);
      case "DELETE" -> delete(exchange, route);
      default -> throw Methods.refuse(exchange, "GET, HEAD, DELETE");
    }
  }

  private void read(Exchange exchange, Route.OneBlob route) throws IOException {
    var digest = route.digest();
    supply.blob(route.repository(), digest);
    var content = blobs.open(route.repository(), digest).orElseThrow(() -> unknown(digest));
    exchange.setHeader("Docker-Content-Digest", digest.toString());
    exchange.setHeader("Accept-Ranges", "bytes");
    EntityTag.set(exchange, digest);
    if (EntityTag.isKnown(exchange, digest)) {
      exchange.respond(304);
      return;
    }
    var range = wantedRange(exchange, digest, content.size());
    if (range == null) {
      send(exchange, 200, content, 0, content.size());
    } else if (range.equals(ByteRange.NONE)) {
      exchange.setHeader("Content-Range", "bytes */" + content.size());
      throw new RegistryException(
          ErrorCode.SIZE_INVALID,
          416,
          "the blob has %d bytes and not the range that was asked for".formatted(content.size()));
    } else {
      exchange.setHeader(
          "Content-Range", "bytes %d-%d/%d".formatted(range.first(), range.last(), content.size()));
      send(exchange, 206, content, range.first(), range.length());
    }
  }

  /// A range is for GET alone, and only for the content that the client has a part of.
  private static @Nullable ByteRange wantedRange(Exchange exchange, Digest digest, long size) {
    var condition = exchange.header("If-Range");
    boolean applies =
        exchange.method().equals("GET") && (condition == null || EntityTag.isOf(condition, digest));
    return applies ? ByteRange.parse(exchange.header("Range"), size) : null;
  }

  private static void send(
      Exchange exchange, int status, StoredContent content, long offset, long length)
      throws IOException {
    var file = content.file();
    if (file != null) {
      exchange.setHeader("Content-Type", OCTETS);
      exchange.respondFile(status, file, offset, length);
      return;
    }
    try (var stream = content.stream(offset)) {
      exchange.respondStream(status, OCTETS, stream, length);
    }
  }

  private void delete(Exchange exchange, Route.OneBlob route) throws IOException {
    if (!blobs.delete(route.repository(), route.digest())) {
      throw unknown(route.digest());
    }
    events.publish(RegistryEvent.deleted(clock.instant(), route.repository(), route.digest()));
    exchange.respond(202);
  }

  private static RegistryException unknown(Digest digest) {
    return new RegistryException(
        ErrorCode.BLOB_UNKNOWN, "this repository has no blob %s".formatted(digest));
  }
}
