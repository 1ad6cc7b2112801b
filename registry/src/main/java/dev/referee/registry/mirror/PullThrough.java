package dev.referee.registry.mirror;

import static dev.referee.registry.content.ErrorCode.UNAVAILABLE;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.ManifestContent;
import dev.referee.registry.content.BoundedStream;
import dev.referee.registry.content.RegistryContent;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import dev.referee.registry.content.SparseManifests;
import dev.referee.registry.content.TagCondition;
import dev.referee.registry.content.UploadScope;
import dev.referee.registry.copy.ArtifactCopy;
import dev.referee.registry.copy.CopyException;
import dev.referee.registry.copy.CopyLimits;
import dev.referee.registry.copy.CopyProgress;
import dev.referee.registry.copy.StoreTarget;
import dev.referee.registry.storage.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mirrors: what is asked for and not here is brought, proven and stored before it is visible, and
/// what refers to it follows in the background.
///
/// - A tag is asked for again when it is no longer fresh. While the upstream does not answer, or
///   has it no more, what is here is served.
/// - A digest that is here is never asked for.
/// - A manifest is stored without its blobs, which come when they are asked for.
/// - What refers to something is looked for once it has been brought, and when somebody asks. Who
///   asks first waits; later ones get what is here while the upstream is asked again. An empty list
///   is never served before the upstream has said that there is nothing.
public final class PullThrough implements Supply, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PullThrough.class);

  private static final String CALLER = "mirror";

  /// A thing that is not there may come any moment: somebody is pushing it.
  private static final Duration ABSENT = Duration.ofSeconds(15);

  /// Whoever looked just before something came here finds it now.
  private static final Duration BROUGHT = Duration.ofSeconds(2);

  /// What is down is asked again soon, and not by everybody.
  private static final Duration FAILED = Duration.ofSeconds(5);

  private static final Duration SHORT_WAIT = Duration.ofSeconds(5);
  private static final Duration MANIFEST_WAIT = Duration.ofMinutes(1);

  /// Shorter than a runtime waits for the first byte of a layer.
  private static final Duration BLOB_WAIT = Duration.ofMinutes(4);

  private static final Duration REFERRERS_WAIT = Duration.ofSeconds(30);

  private static final int MANIFESTS_AT_ONCE = 64;
  private static final int BLOBS_AT_ONCE = 32;
  private static final int SEARCHES_AT_ONCE = 32;

  private final Upstreams upstreams;
  private final RegistryContent content;
  private final UpstreamClients clients;
  private final MeterRegistry meters;
  private final Looks looks;
  private final Flights manifests = new Flights(MANIFESTS_AT_ONCE);
  private final Flights blobs = new Flights(BLOBS_AT_ONCE);
  private final Flights searches = new Flights(SEARCHES_AT_ONCE);

  private PullThrough(
      Upstreams upstreams,
      RegistryContent content,
      UpstreamClients clients,
      MeterRegistry meters,
      InstantSource clock) {
    this.upstreams = upstreams;
    this.content = content;
    this.clients = clients;
    this.meters = meters;
    this.looks = new Looks(clock);
  }

  /// Starts mirrors.
  ///
  /// @throws UpstreamsException when a file that they need cannot be used
  public static PullThrough start(
      Upstreams upstreams, RegistryContent content, MeterRegistry meters, InstantSource clock)
      throws UpstreamsException {
    return new PullThrough(
        upstreams, content, UpstreamClients.of(upstreams.mirrors()), meters, clock);
  }

  @Override
  public void manifest(RepositoryName repository, String tag) throws IOException {
    var origin = origin(repository);
    if (origin.isEmpty()) {
      return;
    }
    var key = "%s:%s".formatted(repository, tag);
    boolean here = content.tags().resolve(repository, tag).isPresent();
    ask(
        key,
        here,
        manifests,
        MANIFEST_WAIT,
        () -> {
          var found = origin.get().repository().manifest(tag);
          if (found.isPresent()) {
            store(repository, found.get(), tag);
          }
          answered(key, found.isPresent(), origin.get().fresh());
        });
  }

  @Override
  public void manifest(RepositoryName repository, Digest digest) throws IOException {
    var origin = origin(repository);
    if (origin.isEmpty() || content.manifests().byDigest(repository, digest).isPresent()) {
      return;
    }
    var key = "%s@%s".formatted(repository, digest);
    ask(
        key,
        false,
        manifests,
        MANIFEST_WAIT,
        () -> {
          var found = origin.get().repository().manifest(digest);
          if (found.isPresent()) {
            store(repository, found.get(), null);
          }
          answered(key, found.isPresent(), BROUGHT);
        });
  }

  @Override
  public void blob(RepositoryName repository, Digest digest) throws IOException {
    var origin = origin(repository);
    if (origin.isEmpty() || content.blobs().open(repository, digest).isPresent()) {
      return;
    }
    var key = "%s blob %s".formatted(repository, digest);
    ask(
        key,
        false,
        blobs,
        BLOB_WAIT,
        () -> {
          var found = origin.get().blobs().blob(digest);
          if (found.isPresent()) {
            try (var stream = bounded(found.get(), origin.get().maxBlobBytes())) {
              content.uploads().single(new UploadScope(repository, CALLER), stream, digest);
            }
          }
          answered(key, found.isPresent(), BROUGHT);
        });
  }

  /// Whoever may pull chooses what is brought.
  private static InputStream bounded(InputStream blob, long bound) {
    return new BoundedStream(
        blob,
        bound,
        () ->
            new RegistryException(
                UNAVAILABLE,
                "the blob has more than the %d bytes that are brought".formatted(bound)));
  }

  @Override
  public void referrers(RepositoryName repository, Digest subject) throws IOException {
    var origin = origin(repository);
    if (origin.isPresent()) {
      boolean here = content.referrers().exist(repository, subject);
      var search = search(repository, subject, origin.get());
      if (here) {
        begin(search);
      } else {
        ask(search.key(), false, searches, REFERRERS_WAIT, search.work());
      }
    }
  }

  /// A search for what refers to something.
  private record Search(String key, Flights.Work work) {}

  private Search search(RepositoryName repository, Digest subject, Origin origin) {
    var key = "%s referrers %s".formatted(repository, subject);
    return new Search(
        key,
        () -> {
          var target = new StoreTarget(content, repository, CALLER);
          new ArtifactCopy(origin.source(), target, told(repository), CopyLimits.MIRROR)
              .copyReferrers(subject);
          answered(key, true, origin.fresh());
        });
  }

  /// Off the way of whoever reads.
  private void begin(Search search) {
    if (looks.last(search.key()) == null) {
      var _ = searches.begin(search.key(), () -> run(search.key(), search.work()));
    }
  }

  private static CopyProgress told(RepositoryName repository) {
    return new CopyProgress() {
      @Override
      public void leftOut(Digest referrer, CopyException why) {
        LOG.warn("{}: left out {} ({}): {}", repository, referrer, why.reason(), why.getMessage());
      }
    };
  }

  /// Asks an upstream unless that was done just now.
  ///
  /// @param here whether there is something to serve when it does not answer
  private void ask(String key, boolean here, Flights flights, Duration patience, Flights.Work work)
      throws IOException {
    var last = looks.last(key);
    if (last != null) {
      var failure = last.failure();
      if (failure != null && !here) {
        throw failure;
      }
      return;
    }
    try {
      // What is here need not wait for an upstream that hangs.
      Flights.await(flights.begin(key, () -> run(key, work)), here ? SHORT_WAIT : patience);
    } catch (RegistryException e) {
      if (!here) {
        throw e;
      }
    }
  }

  private void run(String key, Flights.Work work) throws IOException {
    var last = looks.last(key);
    if (last != null) {
      // Somebody else's work ended between this one's look and its begin.
      var failure = last.failure();
      if (failure != null) {
        throw failure;
      }
      return;
    }
    try {
      work.run();
    } catch (StorageException e) {
      // Ours, and said as such.
      throw e;
    } catch (IOException e) {
      count("failed");
      LOG.warn("{} was not brought: {}", key, e.getMessage());
      var failure = new RegistryException(UNAVAILABLE, "the upstream failed: " + e.getMessage());
      looks.failed(key, FAILED, failure);
      throw failure;
    }
  }

  private void answered(String key, boolean found, Duration fresh) {
    count(found ? "brought" : "absent");
    looks.answered(key, found ? fresh : ABSENT);
  }

  private void count(String outcome) {
    meters.counter("referee.registry.upstream.requests", "outcome", outcome).increment();
  }

  private void store(RepositoryName repository, ManifestContent manifest, @Nullable String tag)
      throws IOException {
    var digest = manifest.digest();
    boolean unchanged =
        tag != null
            && content.tags().resolve(repository, tag).filter(digest::equals).isPresent()
            && content.manifests().byDigest(repository, digest).isPresent();
    if (!unchanged) {
      try {
        content
            .manifests()
            .put(
                repository,
                digest,
                manifest.parse(),
                manifest.bytes(),
                tag == null ? List.of() : List.of(tag),
                TagCondition.ALWAYS,
                SparseManifests.IMAGES);
      } catch (MalformedContentException e) {
        throw new RegistryException(UNAVAILABLE, "what it sent is no manifest: " + e.getMessage());
      }
    }
    origin(repository).ifPresent(origin -> begin(search(repository, digest, origin)));
  }

  private Optional<Origin> origin(RepositoryName repository) {
    return upstreams
        .mirror(repository)
        .flatMap(
            mirror ->
                mirror
                    .there(repository)
                    .map(there -> new Origin(clients.of(mirror), there, mirror)));
  }

  @Override
  public void close() {
    manifests.close();
    blobs.close();
    searches.close();
    clients.close();
  }
}
