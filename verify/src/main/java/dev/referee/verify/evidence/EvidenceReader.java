package dev.referee.verify.evidence;

import static dev.referee.verify.decision.Reason.EVIDENCE_NOT_FOUND;
import static dev.referee.verify.decision.Reason.MALFORMED_EVIDENCE;
import static dev.referee.verify.decision.Reason.REGISTRY_TIMEOUT;
import static dev.referee.verify.decision.Reason.TOO_MUCH_EVIDENCE;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.verify.decision.Finding;
import dev.referee.verify.decision.Reason;
import dev.referee.verify.revocation.RevocationSource;
import dev.referee.verify.revocation.RevocationSources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Reads the evidence of one repository for one decision. Everything is read at most once, however
/// many requirements ask for it, and whoever stops waiting disturbs nobody else: reads run on
/// threads of the reader's own and end with it.
public final class EvidenceReader implements AutoCloseable {
  private final ArtifactSource source;
  private final RevocationSources revocation;
  private final ExecutorService reads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore underWay = new Semaphore(Limits.CONCURRENT_READS);
  private final Map<Object, CompletableFuture<?>> memory = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicLong askedBytes = new AtomicLong();

  /// A blob as somebody describes it. The size belongs to the key: a second description with a
  /// wrong size must not spoil what a right one finds.
  private record Blob(Digest digest, long size) {
    static Blob of(Descriptor descriptor) {
      return new Blob(descriptor.digest(), descriptor.size());
    }
  }

  public EvidenceReader(ArtifactSource source) {
    this(source, RevocationSources.NONE);
  }

  /// @param revocation where it is looked up whether certificates were taken back
  public EvidenceReader(ArtifactSource source, RevocationSources revocation) {
    this.source = requireNonNull(source, "source is null");
    this.revocation = requireNonNull(revocation, "revocation is null");
  }

  RevocationSource revocation(Deadline deadline) {
    return revocation.until(deadline);
  }

  /// An artifact by its own bytes: its type and its size are what they are, whoever describes it.
  Descriptor artifact(Digest digest, Deadline deadline) throws UnreadableException {
    var content =
        read("artifact " + digest, () -> source.manifest(digest), deadline)
            .orElseThrow(
                () -> new UnreadableException(EVIDENCE_NOT_FOUND, "what it is about is not there"));
    try {
      return content.descriptor();
    } catch (MalformedContentException e) {
      throw new UnreadableException(
          MALFORMED_EVIDENCE, "what it is about is malformed: " + e.getMessage());
    }
  }

  /// What a tag names now. Asked once per decision, so that a second answer cannot be another image
  /// (CVE-2022-47633).
  public Optional<ManifestContent> tag(String tag, Deadline deadline) throws UnreadableException {
    return read("tag " + tag, () -> source.manifest(tag), deadline);
  }

  /// Looks for evidence about an artifact in one way.
  Listing list(Digest subject, Via via, Deadline deadline) {
    var where = via.describe(subject);
    try {
      return switch (via) {
        case REFERRERS_API -> {
          var answer = read(via.key(subject), () -> source.referrers(subject), deadline);
          yield Listing.of(
              answer.descriptors().stream().map(d -> Candidate.listed(d, via, where)).toList());
        }
        case FALLBACK_TAG ->
            tag(via.tag(subject), deadline)
                .map(content -> fallbackIndex(content, via, where))
                .orElseGet(Listing::nothing);
        case SIGNATURE_TAG, ATTESTATION_TAG, SBOM_TAG ->
            tag(via.tag(subject), deadline)
                .map(content -> Listing.of(List.of(Candidate.tagged(content, via, where))))
                .orElseGet(Listing::nothing);
      };
    } catch (UnreadableException e) {
      return Listing.problem(
          Finding.unread(null, "list of referrers", where, e.reason(), e.sentence()));
    }
  }

  private static Listing fallbackIndex(ManifestContent content, Via via, String where) {
    try {
      if (content.parse() instanceof Index index) {
        return Listing.of(
            index.manifests().stream().map(d -> Candidate.listed(d, via, where)).toList());
      }
      // An image that somebody happens to have tagged so lists nothing (distribution-spec).
      return Listing.nothing();
    } catch (MalformedContentException e) {
      return Listing.problem(
          Finding.rejected(
              content.digest(),
              "list of referrers",
              where,
              MALFORMED_EVIDENCE,
              "the index is malformed: " + e.getMessage()));
    }
  }

  /// Opens a candidate: its manifest, hashed and read.
  ///
  /// @throws UnreadableException also when it is an index, which carries no evidence itself
  ImageManifest open(Candidate candidate, Deadline deadline) throws UnreadableException {
    var content = candidate.content();
    if (content == null) {
      content =
          read(candidate.digest(), () -> openFirst(candidate.digest()), deadline)
              .orElseThrow(
                  () -> new UnreadableException(EVIDENCE_NOT_FOUND, "it is listed, but not there"));
    }
    try {
      return switch (content.parse()) {
        case ImageManifest manifest -> manifest;
        case Index index ->
            throw new UnreadableException(
                Reason.UNSUPPORTED_EVIDENCE, "it is an index, not an artifact");
      };
    } catch (MalformedContentException e) {
      throw new UnreadableException(
          MALFORMED_EVIDENCE, "its manifest is malformed: " + e.getMessage());
    }
  }

  /// Runs once for each manifest, however often it is asked for.
  private Optional<ManifestContent> openFirst(Digest digest)
      throws SourceException, UnreadableException {
    if (opened.incrementAndGet() > Limits.MANIFESTS) {
      throw new UnreadableException(
          TOO_MUCH_EVIDENCE, "more than %d referrers are not opened".formatted(Limits.MANIFESTS));
    }
    return source.manifest(digest);
  }

  /// The content of a layer.
  byte[] content(Descriptor layer, int maxBytes, Deadline deadline) throws UnreadableException {
    if (layer.size() > maxBytes) {
      throw new UnreadableException(
          TOO_MUCH_EVIDENCE,
          "its content has %d bytes, at most %d are read".formatted(layer.size(), maxBytes));
    }
    return read(Blob.of(layer), () -> readFirst(layer, maxBytes), deadline)
        .orElseThrow(() -> new UnreadableException(EVIDENCE_NOT_FOUND, "its content is not there"));
  }

  /// Begins to read what refers to an artifact, for whoever will ask soon.
  void prefetchReferrers(Digest subject) {
    memory.computeIfAbsent(
        Via.REFERRERS_API.key(subject), key -> start(() -> source.referrers(subject)));
  }

  /// Begins to read a layer, for whoever will ask soon.
  void prefetch(Descriptor layer, int maxBytes) {
    if (layer.size() <= maxBytes) {
      memory.computeIfAbsent(Blob.of(layer), key -> start(() -> readFirst(layer, maxBytes)));
    }
  }

  /// Runs once for each layer, however often it is asked for.
  private Optional<byte[]> readFirst(Descriptor layer, int maxBytes) throws SourceException {
    askedBytes.addAndGet(layer.size());
    return source.blobBytes(layer, maxBytes);
  }

  /// Whether so much was asked for that a deadline passes for that reason.
  private boolean isFlooded() {
    return opened.get() > Limits.FLOOD || askedBytes.get() > Limits.FLOOD_BYTES;
  }

  @SuppressWarnings("unchecked")
  private <T> T read(Object key, Callable<T> read, Deadline deadline) throws UnreadableException {
    var future = (CompletableFuture<T>) memory.computeIfAbsent(key, k -> start(read));
    try {
      return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late("it was not answered in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late("nobody waits for it any more");
    } catch (ExecutionException e) {
      throw unreadable(e.getCause() == null ? e : e.getCause());
    }
  }

  private <T> CompletableFuture<T> start(Callable<T> read) {
    var future = new CompletableFuture<T>();
    reads.execute(
        () -> {
          try {
            underWay.acquire();
            try {
              future.complete(read.call());
            } finally {
              underWay.release();
            }
          } catch (Throwable e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  private UnreadableException unreadable(Throwable cause) {
    return switch (cause) {
      case UnreadableException e -> e;
      case SourceException e when e.reason() == SourceReason.TIMEOUT ->
          late(String.valueOf(e.getMessage()));
      case SourceException e ->
          new UnreadableException(Reason.of(e.reason()), String.valueOf(e.getMessage()));
      case MalformedContentException e ->
          new UnreadableException(MALFORMED_EVIDENCE, String.valueOf(e.getMessage()));
      // A bug of ours, or of the source: whoever checks the requirement denies and reports it.
      default -> throw new IllegalStateException("reading evidence failed", cause);
    };
  }

  /// A registry that does not answer leaves the question open. A flood of referrers does not:
  /// whoever can push must not be able to turn a denial into an admission by pushing more.
  UnreadableException late(String sentence) {
    return isFlooded()
        ? new UnreadableException(
            TOO_MUCH_EVIDENCE,
            "time ran out over %d referrers of %d bytes".formatted(opened.get(), askedBytes.get()))
        : new UnreadableException(REGISTRY_TIMEOUT, sentence);
  }

  /// Gives up whatever is still being read.
  @Override
  public void close() {
    reads.shutdownNow();
  }
}
