package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import dev.referee.client.RegistryClient;
import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Reference;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import dev.referee.oci.layout.OciLayout;
import dev.referee.registry.copy.CopyRoot;
import dev.referee.registry.copy.CopySource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an import reads, and what.
///
/// @param repository what it is called there; null for a folder, where nothing has a name
/// @param source where it is read
/// @param roots what is copied
record ImportSource(@Nullable String repository, CopySource source, List<CopyRoot> roots) {
  static final String LAYOUT = "oci-layout:";
  private static final Duration BUDGET = Duration.ofMinutes(5);

  /// More than any repository that somebody copies has; the list alone is megabytes.
  private static final int MAX_TAGS = 100_000;

  ImportSource {
    requireNonNull(source, "source is null");
    roots = List.copyOf(roots);
  }

  /// Reads `oci-layout:DIR[:TAG|@DIGEST]` or `REGISTRY/REPOSITORY[:TAG|@DIGEST]`. Without tag and
  /// digest it is everything: what the folder lists, or every tag of the repository.
  ///
  /// @param as the tag that a single artifact gets; null for the one it has
  /// @param listed whether a catalog named it, which may name what has no tags
  static ImportSource open(String text, @Nullable String as, boolean listed, RegistryClient client)
      throws MisuseException {
    try {
      var found =
          text.startsWith(LAYOUT)
              ? layout(text.substring(LAYOUT.length()), as)
              : remote(text, as, listed, client);
      if (as != null && found.roots.size() != 1) {
        throw new MisuseException(
            "--tag is for one artifact; %s is %d".formatted(text, found.roots.size()));
      }
      return found;
    } catch (SourceException e) {
      throw new MisuseException(
          "%s cannot be read (%s): %s".formatted(text, e.reason(), e.getMessage()), e);
    } catch (MalformedContentException e) {
      throw new MisuseException("%s (%s)".formatted(e.getMessage(), e.reason()), e);
    } catch (IllegalArgumentException e) {
      throw new MisuseException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ImportSource layout(String text, @Nullable String as)
      throws SourceException, MisuseException {
    int at = text.lastIndexOf('@');
    if (at > 0) {
      var layout = OciLayout.open(Path.of(text.substring(0, at)));
      return of(layout, new CopyRoot(null, Digest.parse(text.substring(at + 1)), as));
    }
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.indexOf('/', colon) < 0) {
      var tag = text.substring(colon + 1);
      var layout = OciLayout.open(Path.of(text.substring(0, colon)));
      return of(layout, new CopyRoot(tag, null, as == null ? tag : as));
    }
    var layout = OciLayout.open(Path.of(text));
    var roots = new ArrayList<CopyRoot>();
    for (var listed : layout.listed()) {
      var tag = OciLayout.tag(listed);
      roots.add(new CopyRoot(null, listed.digest(), as == null ? tag : as));
    }
    for (var root : roots) {
      var named = roots.stream().filter(other -> root.as() != null && root.as().equals(other.as()));
      if (as == null && named.count() > 1) {
        throw new MisuseException("%s names several manifests %s".formatted(text, root.as()));
      }
    }
    return new ImportSource(null, CopySource.of(layout), roots);
  }

  private static ImportSource of(OciLayout layout, CopyRoot root) {
    return new ImportSource(null, CopySource.of(layout), List.of(root));
  }

  private static ImportSource remote(
      String text, @Nullable String as, boolean listed, RegistryClient client)
      throws SourceException, MisuseException {
    var reference = Reference.parse(text);
    var repository = reference.repository();
    CopySource source = budget -> client.open(repository, Deadline.in(budget));
    var roots = new ArrayList<CopyRoot>();
    var tag = reference.tag();
    if (reference.digest() != null) {
      // With both, the digest decides what is copied and the tag how it is called.
      roots.add(new CopyRoot(null, reference.digest(), as == null ? tag : as));
    } else if (tag != null && text.endsWith(":" + tag)) {
      roots.add(new CopyRoot(tag, null, as == null ? tag : as));
    } else {
      for (var one : tags(repository, listed, client)) {
        roots.add(new CopyRoot(one, null, as == null ? one : as));
      }
    }
    return new ImportSource(repository.path(), source, roots);
  }

  private static List<String> tags(Repository repository, boolean listed, RegistryClient client)
      throws SourceException, MisuseException {
    var tags = client.open(repository, Deadline.in(BUDGET)).tags(MAX_TAGS + 1);
    if (tags.isEmpty() && !listed) {
      throw new MisuseException(repository + " is not there, or has no tags");
    }
    if (tags.size() > MAX_TAGS) {
      throw new MisuseException(
          "%s has more than %d tags; import them in parts".formatted(repository, MAX_TAGS));
    }
    return tags;
  }
}
