package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.Reference;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.Manifests;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.StoredManifest;
import dev.referee.registry.content.TagCondition;
import dev.referee.registry.content.Tags;
import dev.referee.registry.events.Events;
import dev.referee.registry.events.RegistryEvent;
import dev.referee.registry.mirror.Supply;
import dev.referee.server.Exchange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads, takes and deletes manifests (distribution-spec v1.1.1, end-3, end-7 and end-9).
final class ManifestEndpoint {
  /// The specification's next version asks for ten at least.
  private static final int MAX_TAGS = 64;

  private final Manifests manifests;
  private final Tags tags;
  private final Supply supply;
  private final Events events;
  private final InstantSource clock;
  private final ManifestMemory memory = ManifestMemory.ofHeap();

  ManifestEndpoint(
      Manifests manifests, Tags tags, Supply supply, Events events, InstantSource clock) {
    this.manifests = manifests;
    this.tags = tags;
    this.supply = supply;
    this.events = events;
    this.clock = clock;
  }

  void handle(Exchange exchange, Route.OneManifest route) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" -> read(exchange, route);
      case "PUT" -> put(exchange, route);
      case "DELETE" -> delete(exchange, route);
      default -> throw Methods.refuse(exchange, "GET, HEAD, PUT, DELETE");
    }
  }

  /// What is stored is sent, whatever the client says it accepts: a converted manifest would have
  /// another digest, and a hidden one looks as if it were gone.
  private void read(Exchange exchange, Route.OneManifest route) throws IOException {
    bring(route);
    var manifest = find(route).orElseThrow(() -> unknown(route));
    exchange.setHeader("Docker-Content-Digest", manifest.digest().toString());
    EntityTag.set(exchange, manifest.digest());
    if (EntityTag.isKnown(exchange, manifest.digest())) {
      exchange.respond(304);
    } else {
      exchange.respond(200, manifest.mediaType().value(), manifest.bytes());
    }
  }

  private void put(Exchange exchange, Route.OneManifest route) throws IOException {
    // Refused before its body is asked for, as far as that is possible.
    var mediaType = mediaType(exchange);
    var newTags = tags(exchange, route);
    var condition = Preconditions.of(exchange);
    try (var _ = memory.hold(exchange.bodyLength())) {
      store(exchange, route, mediaType, newTags, condition);
    }
  }

  private void store(
      Exchange exchange,
      Route.OneManifest route,
      MediaType mediaType,
      List<String> newTags,
      TagCondition condition)
      throws IOException {
    var bytes = exchange.body(Manifest.MAX_BYTES);
    var digest = digest(route, bytes);
    var manifest = parse(bytes, mediaType);
    if (route.tag() != null) {
      manifests.put(route.repository(), digest, manifest, bytes, newTags, condition);
    } else {
      check(condition, route.repository(), digest);
      manifests.put(route.repository(), digest, manifest, bytes, newTags, TagCondition.ALWAYS);
    }
    events.publish(
        RegistryEvent.pushed(
            clock.instant(), route.repository(), digest, manifest, bytes.length, newTags));
    exchange.setHeader("Location", "/v2/%s/manifests/%s".formatted(route.repository(), digest));
    exchange.setHeader("Docker-Content-Digest", digest.toString());
    var subject = manifest.subject();
    if (subject != null) {
      // Tells the client that it need not keep the tag of the fallback schema.
      exchange.setHeader("OCI-Subject", subject.digest().toString());
    }
    if (route.tag() == null) {
      newTags.forEach(tag -> exchange.addHeader("OCI-Tag", tag));
    }
    exchange.respond(201);
  }

  private void delete(Exchange exchange, Route.OneManifest route) throws IOException {
    var tag = route.tag();
    var digest = route.digest();
    var condition = Preconditions.of(exchange);
    boolean deleted;
    if (tag != null) {
      deleted = tags.delete(route.repository(), tag, condition);
    } else {
      check(condition, route.repository(), requireNonNull(digest, "digest is null"));
      deleted = manifests.delete(route.repository(), digest);
    }
    if (!deleted) {
      throw unknown(route);
    }
    events.publish(
        tag != null
            ? RegistryEvent.deleted(clock.instant(), route.repository(), tag)
            : RegistryEvent.deleted(
                clock.instant(), route.repository(), requireNonNull(digest, "digest is null")));
    exchange.respond(202);
  }

  /// What a digest names is there or not, and never something else.
  private void check(TagCondition condition, RepositoryName repository, Digest digest)
      throws IOException {
    if (!condition.equals(TagCondition.ALWAYS)
        && !condition.holds(manifests.byDigest(repository, digest).isPresent() ? digest : null)) {
      throw RegistryException.preconditionFailed();
    }
  }

  private void bring(Route.OneManifest route) throws IOException {
    var tag = route.tag();
    if (tag != null) {
      supply.manifest(route.repository(), tag);
    } else {
      supply.manifest(route.repository(), requireNonNull(route.digest(), "digest is null"));
    }
  }

  private Optional<StoredManifest> find(Route.OneManifest route) throws IOException {
    var tag = route.tag();
    var digest = route.digest();
    if (tag != null) {
      return manifests.byTag(route.repository(), tag);
    }
    return digest == null ? Optional.empty() : manifests.byDigest(route.repository(), digest);
  }

  private static MediaType mediaType(Exchange exchange) throws RegistryException {
    var header = exchange.header("Content-Type");
    if (header == null) {
      throw new RegistryException(
          ErrorCode.MANIFEST_INVALID, "the Content-Type of the manifest is missing");
    }
    try {
      return MediaType.ofContentType(header);
    } catch (MalformedContentException e) {
      throw invalid(e);
    }
  }

  /// The tag of the path, or those of the query beside a digest (end-7b of v1.2).
  private static List<String> tags(Exchange exchange, Route.OneManifest route) throws IOException {
    var tag = route.tag();
    if (tag != null) {
      return List.of(tag);
    }
    var named = new ArrayList<>(exchange.queryAll("tag"));
    if (named.size() > MAX_TAGS) {
      throw new RegistryException(
          ErrorCode.MANIFEST_INVALID, 414, "at most %d tags are set at once".formatted(MAX_TAGS));
    }
    for (var one : named) {
      if (!Reference.isTag(one)) {
        throw new RegistryException(ErrorCode.MANIFEST_INVALID, "one of the tags is not a tag");
      }
    }
    return named;
  }

  private static Digest digest(Route.OneManifest route, byte[] bytes) throws RegistryException {
    var expected = route.digest();
    if (expected == null) {
      return Digest.of(bytes);
    }
    var actual = Digest.of(expected.algorithm(), bytes);
    if (!actual.equals(expected)) {
      throw new RegistryException(
          ErrorCode.DIGEST_INVALID,
          "the manifest has the digest %s, not %s".formatted(actual, expected));
    }
    return actual;
  }

  private static Manifest parse(byte[] bytes, MediaType mediaType) throws RegistryException {
    try {
      return Manifest.parse(bytes, mediaType);
    } catch (MalformedContentException e) {
      throw invalid(e);
    }
  }

  private static RegistryException invalid(MalformedContentException cause) {
    return new RegistryException(
        ErrorCode.MANIFEST_INVALID, "%s: %s".formatted(cause.reason(), cause.getMessage()));
  }

  private static RegistryException unknown(Route.OneManifest route) {
    return new RegistryException(
        ErrorCode.MANIFEST_UNKNOWN,
        "this repository has no manifest %s"
            .formatted(route.tag() != null ? route.tag() : String.valueOf(route.digest())));
  }
}
