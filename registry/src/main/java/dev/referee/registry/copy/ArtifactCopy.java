package dev.referee.registry.copy;

import static dev.referee.registry.copy.CopyReason.CONTENT_MALFORMED;
import static dev.referee.registry.copy.CopyReason.MANIFEST_MISSING;
import static dev.referee.registry.copy.CopyReason.NOT_FOUND;
import static dev.referee.registry.copy.CopyReason.SIZE_MISMATCH;
import static dev.referee.registry.copy.CopyReason.SUBJECT_MISMATCH;
import static dev.referee.registry.copy.CopyReason.TOO_DEEP;
import static dev.referee.registry.copy.CopyReason.TOO_MANY;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.ImageManifest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.SourceException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Copies artifacts of one repository with everything they name and everything that refers to any
/// of it. The tag comes last: whoever sees it finds the evidence, too.
///
/// - Every byte is proven by its digest before it counts, at the destination once more.
/// - What is there is not sent again, so a copy that was interrupted goes on where it was.
/// - A referrer is one because its manifest says so, not because it is listed. Its type and
///   annotations are the manifest's own: lists have wrong ones.
/// - What cosign keeps under a tag has no subject, and its digest would change with one. It stays
///   under its tag, byte for byte.
/// - An index whose children are not all there stays as sparse as it is.
///
/// Used by one thread.
public final class ArtifactCopy {
  /// Indexes in indexes: tools write two levels.
  static final int MAX_NESTING = 16;

  /// A signature of a report of an SBOM of an image is the third level.
  static final int MAX_LEVELS = 8;

  /// For a manifest or a list.
  private static final Duration BUDGET = Duration.ofMinutes(2);

  private static final Pattern FALLBACK_TAG = Pattern.compile("(sha256|sha512)-([0-9a-f]{64})");

  private final CopySource source;
  private final CopyTarget target;
  private final CopyProgress progress;
  private final CopyLimits limits;
  private final BlobCopy blobs;
  private final Set<Digest> whole = new HashSet<>();
  private final Set<Digest> searched = new HashSet<>();

  /// A copy of as much as anybody asks for.
  public ArtifactCopy(CopySource source, CopyTarget target, CopyProgress progress) {
    this(source, target, progress, CopyLimits.IMPORT);
  }

  public ArtifactCopy(
      CopySource source, CopyTarget target, CopyProgress progress, CopyLimits limits) {
    this.source = requireNonNull(source, "source is null");
    this.target = requireNonNull(target, "target is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.blobs = new BlobCopy(source, target, progress, limits.blobBytes());
  }

  /// Copies one artifact.
  ///
  /// @return what it is
  /// @throws CopyException when it is not copied; what is wrong with a referrer alone is told to
  ///   the listener instead
  public Manifest copy(CopyRoot root) throws CopyException {
    var tag = root.tag();
    var content =
        (tag != null ? manifest(tag) : manifest(requireNonNull(root.digest(), "no tag, no digest")))
            .orElseThrow(() -> new CopyException(NOT_FOUND, "the source has no " + root));
    var as = root.as();
    if (as != null && FALLBACK_TAG.matcher(as).matches()) {
      copyFallback(as, content);
      return parse(content);
    }
    bring(content, 0);
    var manifest = parse(content);
    if (as != null) {
      target.putManifest(content.digest(), manifest, content.bytes(), as);
      progress.tagged(as, content.digest());
    }
    return manifest;
  }

  /// Copies what refers to an artifact, whether the artifact is there or not.
  public void copyReferrers(Digest subject) throws CopyException {
    bringReferrers(subject, 0);
  }

  /// The fallback tag itself is not wanted where the list of referrers is kept by the registry:
  /// what it lists is, and what that is about.
  private void copyFallback(String tag, ManifestContent list) throws CopyException {
    var names = FALLBACK_TAG.matcher(tag);
    var subject =
        names.matches() && names.group(1).equals("sha256")
            ? manifest(Digest.parse("sha256:" + names.group(2)))
            : Optional.<ManifestContent>empty();
    if (subject.isPresent()) {
      bring(subject.get(), 0);
      return;
    }
    for (var digest : Evidence.entries(list)) {
      leavingOut(
          digest,
          () -> {
            var content = present(digest);
            var about = parse(content).subject();
            if (about == null || !about.digest().tagForm().equals(tag)) {
              throw notAbout(digest, tag);
            }
            bring(content, 1);
          });
    }
  }

  private void bring(ManifestContent content, int level) throws CopyException {
    var tree = new LinkedHashSet<Digest>();
    copyTree(content, 0, tree);
    for (var digest : tree) {
      bringReferrers(digest, level);
    }
  }

  private void bringReferrers(Digest subject, int level) throws CopyException {
    if (!searched.add(subject)) {
      return;
    }
    Evidence evidence;
    try {
      evidence = Evidence.of(source.within(BUDGET), subject);
    } catch (SourceException e) {
      throw CopyException.ofSource(e);
    }
    if (level == MAX_LEVELS && evidence.count() > 0) {
      throw new CopyException(
          TOO_DEEP,
          "%s has referrers, on level %d of which %d are copied"
              .formatted(subject, level + 1, MAX_LEVELS));
    }
    for (var digest : evidence.listed()) {
      leavingOut(
          digest,
          () -> {
            var content = present(digest);
            var about = parse(content).subject();
            if (about == null || !about.digest().equals(subject)) {
              throw notAbout(digest, subject.toString());
            }
            bring(content, level + 1);
          });
    }
    for (var entry : evidence.tagged().entrySet()) {
      var content = entry.getValue();
      leavingOut(
          content.digest(),
          () -> {
            bring(content, level + 1);
            target.putManifest(content.digest(), parse(content), content.bytes(), entry.getKey());
            progress.tagged(entry.getKey(), content.digest());
          });
    }
  }

  /// A step that may fail for what it is about alone.
  @FunctionalInterface
  private interface Step {
    void run() throws CopyException;
  }

  private void leavingOut(Digest digest, Step step) throws CopyException {
    try {
      step.run();
    } catch (CopyException e) {
      if (e.reason().mayPass()) {
        throw e;
      }
      progress.leftOut(digest, e);
    }
  }

  private void copyTree(ManifestContent content, int nesting, Set<Digest> tree)
      throws CopyException {
    var digest = content.digest();
    if (nesting > MAX_NESTING) {
      throw new CopyException(
          TOO_DEEP, "%s is an index in more than %d others".formatted(digest, MAX_NESTING));
    }
    tree.add(digest);
    if (whole.contains(digest)) {
      return;
    }
    if (whole.size() >= limits.manifests()) {
      throw new CopyException(
          TOO_MANY, "more than %d manifests are copied in parts".formatted(limits.manifests()));
    }
    var manifest = parse(content);
    boolean there = target.isWhole(digest);
    switch (manifest) {
      case ImageManifest image -> {
        if (!there) {
          blobs.copy(image);
        }
      }
      case Index index -> {
        // Also of one that is there: it may have been as sparse as it liked.
        for (var child : index.manifests()) {
          copyChild(child, nesting, tree);
        }
      }
    }
    if (there) {
      progress.found(digest);
    } else {
      target.putManifest(digest, manifest, content.bytes(), null);
      var type = manifest.artifactType();
      progress.copied(digest, type == null ? manifest.mediaType().value() : type);
    }
    whole.add(digest);
  }

  private void copyChild(Descriptor child, int nesting, Set<Digest> tree) throws CopyException {
    if (!child.mediaType().isImageManifest() && !child.mediaType().isIndex()) {
      blobs.copyIfPresent(child);
      return;
    }
    var content = manifest(child.digest());
    if (content.isEmpty()) {
      progress.absent(child.digest());
      return;
    }
    if (content.get().bytes().length != child.size()) {
      throw new CopyException(
          SIZE_MISMATCH,
          "%s has %d bytes, its index says %d"
              .formatted(child.digest(), content.get().bytes().length, child.size()));
    }
    copyTree(content.get(), nesting + 1, tree);
  }

  private Optional<ManifestContent> manifest(Digest digest) throws CopyException {
    try {
      return source.within(BUDGET).manifest(digest);
    } catch (SourceException e) {
      throw CopyException.ofSource(e);
    }
  }

  private Optional<ManifestContent> manifest(String tag) throws CopyException {
    try {
      return source.within(BUDGET).manifest(tag);
    } catch (SourceException e) {
      throw CopyException.ofSource(e);
    }
  }

  private ManifestContent present(Digest digest) throws CopyException {
    return manifest(digest)
        .orElseThrow(
            () ->
                new CopyException(
                    MANIFEST_MISSING, "%s is listed and not there".formatted(digest)));
  }

  private static CopyException notAbout(Digest digest, String subject) {
    return new CopyException(
        SUBJECT_MISMATCH,
        "%s is listed as a referrer of %s and does not refer to it".formatted(digest, subject));
  }

  private static Manifest parse(ManifestContent content) throws CopyException {
    try {
      return content.parse();
    } catch (MalformedContentException e) {
      throw new CopyException(
          CONTENT_MALFORMED, "%s: %s".formatted(content.digest(), e.getMessage()), e);
    }
  }
}
