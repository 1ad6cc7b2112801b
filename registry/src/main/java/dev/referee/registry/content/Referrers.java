package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.oci.Digest;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What refers to a digest, newest first (distribution-spec v1.1.1, "Listing Referrers").
///
/// Reading takes one list of the subject's edges and the edges themselves, whatever else the
/// repository holds. An edge counts while the manifest that it names is there.
public final class Referrers {
  /// Clients that do not follow pages (crane, cosign, containerd) read 4 MiB of the first, so a
  /// page ends there and never before.
  private static final int MAX_PAGE_BYTES = 4 << 20;

  /// The edges that one page looks at; what a page costs in memory is bounded by it.
  private static final int MAX_CANDIDATES = 10_000;

  private static final long MAX_CACHED_EDGE_BYTES = 16 << 20;
  private static final long MAX_CACHED_PAGE_BYTES = 32 << 20;

  // Of objects around the bytes.
  private static final int PAGE_WEIGHT = 512;
  private static final int TYPE_WEIGHT = 64;

  /// A page is kept while its list of edges is the same. Only a process that died between deleting
  /// a manifest and its edge makes the list lie, and only for this long.
  private static final Duration PAGE_LIFETIME = Duration.ofSeconds(10);

  private static final byte[] HEAD =
      "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":["
          .formatted(MediaType.OCI_INDEX)
          .getBytes(UTF_8);
  private static final byte[] TAIL = "]}".getBytes(UTF_8);

  private record Request(
      RepositoryName repository, Digest subject, Set<String> types, @Nullable String before) {
    /// A client chooses how many types it asks for, and how long they are.
    int weight() {
      int weight = PAGE_WEIGHT + (before == null ? 0 : 2 * before.length());
      for (var type : types) {
        weight += TYPE_WEIGHT + 2 * type.length();
      }
      return weight;
    }
  }

  private record CachedPage(String version, ReferrersPage page) {}

  private final ObjectStore store;
  // Edges never change: their names are used once.
  private final Cache<String, byte[]> edges =
      Caffeine.newBuilder()
          .maximumWeight(MAX_CACHED_EDGE_BYTES)
          .<String, byte[]>weigher((key, edge) -> key.length() + edge.length)
          .build();
  private final Cache<Request, CachedPage> pages =
      Caffeine.newBuilder()
          .maximumWeight(MAX_CACHED_PAGE_BYTES)
          .<Request, CachedPage>weigher(
              (request, cached) -> request.weight() + cached.page().body().length)
          .expireAfterWrite(PAGE_LIFETIME)
          .build();

  Referrers(ObjectStore store) {
    this.store = store;
  }

  /// One page of the referrers of a digest.
  ///
  /// @param types only artifacts of one of these types; empty for all
  /// @param before the page behind the one that ended here; null for the first
  public ReferrersPage page(
      RepositoryName repository, Digest subject, Set<String> types, @Nullable String before)
      throws IOException {
    var prefix = Keys.referrers(repository, subject);
    var request = new Request(repository, subject, types, before);
    // Before the list, so that a list that is newer than its version is read again.
    var version = store.version(prefix);
    var cached = version == null ? null : pages.getIfPresent(request);
    if (cached != null && cached.version().equals(version)) {
      return cached.page();
    }
    var page = read(request, prefix);
    // A page without an edge whose manifest is on its way would miss the manifest for good.
    if (version != null && page.complete()) {
      pages.put(request, new CachedPage(version, page));
    }
    return page;
  }

  /// Whether anything refers to a digest.
  public boolean exist(RepositoryName repository, Digest subject) throws StorageException {
    var prefix = Keys.referrers(repository, subject);
    for (var key : store.list(prefix, null, ObjectStore.MAX_LISTED)) {
      var referrer = Edge.of(key.substring(prefix.length())).digest();
      if (store.exists(Keys.manifest(repository, referrer))) {
        return true;
      }
    }
    return false;
  }

  /// How many pages are kept.
  long cached() {
    pages.cleanUp();
    return pages.estimatedSize();
  }

  private ReferrersPage read(Request request, String prefix) throws IOException {
    var candidates = newest(prefix, request.before());
    var body = new ByteArrayOutputStream();
    body.writeBytes(HEAD);
    var seen = new HashSet<String>();
    boolean complete = true;
    String last = null;
    for (var edge : candidates) {
      if (!seen.add(edge.referrer())) {
        continue;
      }
      var descriptor = descriptor(request, prefix, edge);
      if (descriptor == null) {
        complete = false;
      } else if (matches(request.types(), descriptor)) {
        if (body.size() > HEAD.length
            && last != null
            && body.size() + descriptor.length + TAIL.length >= MAX_PAGE_BYTES) {
          return page(body, last, complete);
        }
        if (body.size() > HEAD.length) {
          body.write(',');
        }
        body.writeBytes(descriptor);
      }
      last = edge.push();
    }
    boolean more = candidates.size() == MAX_CANDIDATES;
    return page(body, more ? candidates.getLast().push() : null, complete);
  }

  private static ReferrersPage page(
      ByteArrayOutputStream body, @Nullable String next, boolean complete) {
    body.writeBytes(TAIL);
    var bytes = body.toByteArray();
    return new ReferrersPage(bytes, Digest.of(bytes), next, complete);
  }

  /// An edge by its name: `<alg>-<hex of the referrer>~<push>`.
  private record Edge(String referrer, String push) {
    static Edge of(String name) {
      int tilde = name.indexOf('~');
      return new Edge(name.substring(0, tilde), name.substring(tilde + 1));
    }

    String name() {
      return referrer + "~" + push;
    }

    Digest digest() {
      int dash = referrer.indexOf('-');
      return Digest.parse(referrer.substring(0, dash) + ":" + referrer.substring(dash + 1));
    }
  }

  /// The newest edges, newest first: the names of pushes are in the order of time.
  private List<Edge> newest(String prefix, @Nullable String before) throws StorageException {
    var oldestFirst = new PriorityQueue<>(Comparator.comparing(Edge::push));
    for (var keys = store.list(prefix, null, ObjectStore.MAX_LISTED);
        !keys.isEmpty();
        keys = nextKeys(prefix, keys)) {
      for (var key : keys) {
        var edge = Edge.of(key.substring(prefix.length()));
        if (before == null || edge.push().compareTo(before) < 0) {
          oldestFirst.add(edge);
          if (oldestFirst.size() > MAX_CANDIDATES) {
            oldestFirst.poll();
          }
        }
      }
    }
    var newestFirst = new ArrayList<>(oldestFirst);
    newestFirst.sort(Comparator.comparing(Edge::push).reversed());
    return newestFirst;
  }

  private List<String> nextKeys(String prefix, List<String> keys) throws StorageException {
    return keys.size() < ObjectStore.MAX_LISTED
        ? List.of()
        : store.list(prefix, keys.getLast(), ObjectStore.MAX_LISTED);
  }

  /// The descriptor of a referrer; null while its manifest is not there, or no more.
  private byte @Nullable [] descriptor(Request request, String prefix, Edge edge)
      throws StorageException {
    if (!store.exists(Keys.manifest(request.repository(), edge.digest()))) {
      return null;
    }
    var key = prefix + edge.name();
    var known = edges.getIfPresent(key);
    if (known != null) {
      return known;
    }
    var read = store.get(key);
    if (read.isEmpty()) {
      return null;
    }
    edges.put(key, read.get());
    return read.get();
  }

  private static boolean matches(Set<String> types, byte[] descriptor) {
    if (types.isEmpty()) {
      return true;
    }
    var type =
        StrictJson.readObject(descriptor, 2 * Manifest.MAX_BYTES).optionalText("artifactType");
    return type != null && types.contains(type);
  }
}
