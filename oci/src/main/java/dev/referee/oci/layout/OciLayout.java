package dev.referee.oci.layout;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.TOO_LARGE;
import static dev.referee.oci.SourceReason.TOO_MANY;
import static dev.referee.oci.SourceReason.UNREACHABLE;

import dev.referee.oci.ArtifactSource;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.ManifestContent;
import dev.referee.oci.Reference;
import dev.referee.oci.ReferrerList;
import dev.referee.oci.SourceException;
import dev.referee.oci.VerifyingInputStream;
import dev.referee.oci.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An OCI image layout on disk as a source (OCI image-spec v1.1, image-layout.md).
///
/// A layout has no index of referrers, so those are found by opening what `index.json` lists, as
/// the tools that write layouts expect it to be read. The folder is taken to stand still while it
/// is read.
public final class OciLayout implements ArtifactSource {
  static final String MARKER = "oci-layout";
  static final String VERSION = "1.0.0";

  /// More manifests than any image and its evidence have; a scan opens each of them.
  private static final int MAX_MANIFESTS = 10_000;

  private final Path directory;
  private final LayoutIndex index;
  private volatile @Nullable Map<Digest, List<Descriptor>> referrers;

  private OciLayout(Path directory, LayoutIndex index) {
    this.directory = directory;
    this.index = index;
  }

  /// Opens a layout.
  ///
  /// @throws SourceException when the folder is none
  public static OciLayout open(Path directory) throws SourceException {
    var marker = directory.resolve(MARKER);
    try {
      var version =
          StrictJson.readObject(Files.readAllBytes(marker), 4096).text("imageLayoutVersion");
      if (!version.equals(VERSION)) {
        throw new SourceException(
            MALFORMED_RESPONSE,
            "%s has layout version %s, %s is read".formatted(directory, version, VERSION));
      }
    } catch (NoSuchFileException e) {
      throw new SourceException(
          MALFORMED_RESPONSE,
          "%s is not an OCI layout: it has no file %s".formatted(directory, MARKER),
          e);
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "%s is malformed: %s".formatted(marker, e.getMessage()), e);
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, marker + " cannot be read", e);
    }
    return new OciLayout(directory, LayoutIndex.read(directory));
  }

  /// What the layout lists, with the annotations that name it.
  public List<Descriptor> listed() {
    return index.manifests();
  }

  /// The tag that the layout gives to what it lists, if any. Some tools write whole references.
  public static @Nullable String tag(Descriptor listed) {
    var name = listed.annotations().get(LayoutIndex.REF_NAME);
    if (name == null || Reference.isTag(name)) {
      return name;
    }
    try {
      return Reference.parse(name).tag();
    } catch (MalformedContentException e) {
      return null;
    }
  }

  /// The images of the layout: the listed manifests that refer to nothing.
  public List<Descriptor> images() throws SourceException {
    var images = new ArrayList<Descriptor>();
    for (var descriptor : index.manifests()) {
      var content = manifest(descriptor.digest());
      if (content.isPresent() && parsed(content.get()).subject() == null) {
        images.add(descriptor);
      }
    }
    return images;
  }

  @Override
  public Optional<ManifestContent> manifest(String tag) throws SourceException {
    var named = index.named(tag);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    if (named.size() > 1) {
      throw new SourceException(
          MALFORMED_RESPONSE, "%s names %d manifests %s".formatted(directory, named.size(), tag));
    }
    return manifest(named.getFirst().digest());
  }

  @Override
  public Optional<ManifestContent> manifest(Digest digest) throws SourceException {
    var file = blobFile(digest);
    try {
      long size = Files.size(file);
      if (size > Manifest.MAX_BYTES) {
        throw new SourceException(
            TOO_LARGE,
            "manifest %s has %d bytes, at most %d are read"
                .formatted(digest, size, Manifest.MAX_BYTES));
      }
      return Optional.of(ManifestContent.byDigest(digest, Files.readAllBytes(file), null));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, file + " cannot be read", e);
    }
  }

  @Override
  public Optional<InputStream> blob(Descriptor descriptor) throws SourceException {
    try {
      var stream = Files.newInputStream(blobFile(descriptor.digest()));
      return Optional.of(new VerifyingInputStream(stream, descriptor));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, descriptor.digest() + " cannot be read", e);
    }
  }

  /// Opens every manifest the first time: a folder has no list.
  @Override
  public ReferrerList referrers(Digest subject) throws SourceException {
    var known = referrers;
    if (known == null) {
      known = scan();
      referrers = known;
    }
    return ReferrerList.of(known.getOrDefault(subject, List.of()));
  }

  private Map<Digest, List<Descriptor>> scan() throws SourceException {
    var found = new HashMap<Digest, List<Descriptor>>();
    var seen = new HashSet<Digest>();
    var open = new ArrayDeque<>(index.manifests());
    while (!open.isEmpty()) {
      var descriptor = open.removeFirst();
      if (!seen.add(descriptor.digest())) {
        continue;
      }
      if (seen.size() > MAX_MANIFESTS) {
        throw new SourceException(
            TOO_MANY, "%s has more than %d manifests".formatted(directory, MAX_MANIFESTS));
      }
      var content = manifest(descriptor.digest());
      if (content.isEmpty()) {
        continue;
      }
      var manifest = parsed(content.get());
      var subject = manifest.subject();
      if (subject != null) {
        found
            .computeIfAbsent(subject.digest(), _ -> new ArrayList<>())
            .add(described(content.get(), manifest));
      }
      if (manifest instanceof Index children) {
        open.addAll(children.manifests());
      }
    }
    return found;
  }

  private static Descriptor described(ManifestContent content, Manifest manifest) {
    return new Descriptor(
        manifest.mediaType(),
        content.digest(),
        content.bytes().length,
        manifest.artifactType(),
        manifest.annotations(),
        null);
  }

  private Manifest parsed(ManifestContent content) throws SourceException {
    try {
      return content.parse();
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE,
          "manifest %s in %s is malformed: %s"
              .formatted(content.digest(), directory, e.getMessage()),
          e);
    }
  }

  private Path blobFile(Digest digest) {
    return directory.resolve("blobs").resolve(digest.algorithm().prefix()).resolve(digest.hex());
  }
}
