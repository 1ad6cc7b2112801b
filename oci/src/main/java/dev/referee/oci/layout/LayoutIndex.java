package dev.referee.oci.layout;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static dev.referee.oci.SourceReason.TOO_LARGE;
import static dev.referee.oci.SourceReason.UNREACHABLE;

import dev.referee.oci.Descriptor;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The `index.json` of a layout: which manifests are in it and which names they have.
record LayoutIndex(List<Descriptor> manifests) {
  static final String FILE = "index.json";

  /// Where the name of a manifest inside the layout stands (image-spec v1.1, annotations.md).
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  static LayoutIndex read(Path directory) throws SourceException {
    var file = directory.resolve(FILE);
    try {
      if (Files.size(file) > Manifest.MAX_BYTES) {
        throw new SourceException(
            TOO_LARGE, "%s has more than %d bytes".formatted(file, Manifest.MAX_BYTES));
      }
      if (Manifest.parse(Files.readAllBytes(file), MediaType.OCI_INDEX) instanceof Index index) {
        return new LayoutIndex(index.manifests());
      }
      throw new SourceException(MALFORMED_RESPONSE, file + " is not an index");
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "%s is malformed: %s".formatted(file, e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw new SourceException(
          MALFORMED_RESPONSE,
          "%s is not an OCI layout: it has no %s".formatted(directory, FILE),
          e);
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw new SourceException(UNREACHABLE, "%s cannot be read".formatted(file), e);
    }
  }

  List<Descriptor> named(String name) {
    return manifests.stream().filter(d -> name.equals(d.annotations().get(REF_NAME))).toList();
  }

  /// This index with one more manifest: a name moves to it, and what it contains needs no entry any
  /// more.
  LayoutIndex with(Descriptor added, Manifest content) {
    var kept = new ArrayList<Descriptor>();
    for (var descriptor : manifests) {
      boolean sameEntry =
          descriptor.digest().equals(added.digest())
              && Objects.equals(name(descriptor), name(added));
      boolean movedName = name(added) != null && Objects.equals(name(descriptor), name(added));
      boolean unnamedChild =
          name(descriptor) == null
              && content instanceof Index index
              && index.manifests().stream().anyMatch(c -> c.digest().equals(descriptor.digest()));
      if (!sameEntry && !movedName && !unnamedChild) {
        kept.add(descriptor);
      }
    }
    kept.add(added);
    return new LayoutIndex(List.copyOf(kept));
  }

  static Descriptor named(Descriptor descriptor, @Nullable String name) {
    return new Descriptor(
        descriptor.mediaType(),
        descriptor.digest(),
        descriptor.size(),
        null,
        name == null ? Map.of() : Map.of(REF_NAME, name),
        null);
  }

  private static @Nullable String name(Descriptor descriptor) {
    return descriptor.annotations().get(REF_NAME);
  }
}
