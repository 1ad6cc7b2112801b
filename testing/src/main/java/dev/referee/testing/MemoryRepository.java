package dev.referee.testing;

import dev.referee.oci.ArtifactSink;
import dev.referee.oci.ArtifactSource;
import dev.referee.oci.ArtifactSources;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Deadline;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.MediaType;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.SourceReason;
import dev.referee.oci.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A repository in memory, with or without the referrers API, that counts what it is asked and
/// fails where a test says so. It is every repository that is opened through it.
public final class MemoryRepository implements ArtifactSource, ArtifactSink, ArtifactSources {
  private final Map<Digest, byte[]> content = new ConcurrentHashMap<>();
  private final Map<Digest, MediaType> manifestTypes = new ConcurrentHashMap<>();
  private final Map<String, Digest> tags = new ConcurrentHashMap<>();
  private final Map<Digest, Map<Digest, Descriptor>> referrers = new ConcurrentHashMap<>();
  private final Map<String, SourceReason> faults = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile boolean referrersApi = true;

  /// From now on this repository answers like one without the referrers API.
  public MemoryRepository withoutReferrersApi() {
    referrersApi = false;
    return this;
  }

  /// From now on reading this (a tag, a digest, or `referrers <digest>`) fails.
  public void fail(String what, SourceReason reason) {
    faults.put(what, reason);
  }

  /// From now on everything can be read again.
  public void heal() {
    faults.clear();
  }

  /// What was read, in order.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// Replaces bytes under a digest that is not theirs, as a registry that lies does.
  public void corrupt(Digest digest, byte[] bytes) {
    content.put(digest, bytes);
  }

  public void tag(String tag, Digest digest) {
    tags.put(tag, digest);
  }

  public void untag(String tag) {
    tags.remove(tag);
  }

  /// Lists a referrer of this subject, whatever its manifest says.
  public void list(Digest subject, Descriptor referrer) {
    referrers.computeIfAbsent(subject, s -> new LinkedHashMap<>()).put(referrer.digest(), referrer);
  }

  /// Writes the fallback tag of a subject, as a client does where there is no referrers API.
  public void fallbackTag(Digest subject, Descriptor... entries) throws SourceException {
    Artifacts.index(this, List.of(entries), subject.tagForm());
  }

  @Override
  public ArtifactSource open(Repository repository, Deadline deadline) {
    return this;
  }

  @Override
  public Optional<ManifestContent> manifest(String tag) throws SourceException {
    ask(tag);
    var digest = tags.get(tag);
    return digest == null ? Optional.empty() : Optional.of(read(digest));
  }

  @Override
  public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
    ask(digest.toString());
    return content.containsKey(digest) ? Optional.of(read(digest)) : Optional.empty();
  }

  @Override
  public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
    ask(descriptor.digest().toString());
    var bytes = content.get(descriptor.digest());
    return bytes == null
        ? Optional.empty()
        : Optional.of(new VerifyingInputStream(new ByteArrayInputStream(bytes), descriptor));
  }

  @Override
  public ReferrerList referrers(Digest subject) throws SourceException {
    ask("referrers " + subject);
    return referrersApi
        ? ReferrerList.of(new ArrayList<>(referrers.getOrDefault(subject, Map.of()).values()))
        : ReferrerList.unsupported();
  }

  @Override
  public void putBlob(Descriptor descriptor, BlobContent blob) throws SourceException {
    try (var stream = new VerifyingInputStream(blob.open(), descriptor)) {
      content.put(descriptor.digest(), stream.readAllBytes());
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(SourceReason.UNREACHABLE, "blob cannot be read", e);
    }
  }

  @Override
  public Digest putManifest(byte[] bytes, MediaType mediaType, @Nullable String tag)
      throws SourceException {
    var digest = Digest.of(bytes);
    content.put(digest, bytes);
    manifestTypes.put(digest, mediaType);
    if (tag != null) {
      tags.put(tag, digest);
    }
    try {
      var manifest = Manifest.parse(bytes, mediaType);
      if (manifest.subject() != null) {
        list(
            manifest.subject().digest(),
            new Descriptor(
                mediaType,
                digest,
                bytes.length,
                manifest.artifactType(),
                manifest.annotations(),
                null));
      }
    } catch (MalformedContentException e) {
      throw new SourceException(SourceReason.MALFORMED_RESPONSE, "manifest is malformed", e);
    }
    return digest;
  }

  private ManifestContent read(Digest digest) throws SourceException {
    var bytes = content.get(digest);
    if (bytes == null) {
      throw new SourceException(SourceReason.MALFORMED_RESPONSE, "a tag names what is not there");
    }
    return ManifestContent.byDigest(digest, bytes, manifestTypes.get(digest));
  }

  private void ask(String what) throws SourceException {
    requests.add(what);
    var fault = faults.get(what);
    if (fault != null) {
      throw new SourceException(fault, "%s failed on purpose: %s".formatted(what, fault));
    }
  }
}
