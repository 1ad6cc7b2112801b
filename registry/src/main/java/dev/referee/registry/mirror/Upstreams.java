package dev.referee.registry.mirror;

import static java.util.Comparator.comparingInt;
import static java.util.Objects.requireNonNull;

import dev.referee.oci.Descriptor;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.content.RegistryException;
import dev.referee.registry.content.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an administrator says about registries elsewhere: a file of JSON in which every field is
/// known, so that a misspelt one is an error. Read once, at the start.
public final class Upstreams {
  /// No repository has to do with any other registry.
  public static final Upstreams NONE = new Upstreams(List.of());

  private static final int MAX_BYTES = 1 << 20;
  private static final long DEFAULT_FRESH_SECONDS = 300;

  /// Asking at every pull would make every outage and every limit there one here.
  private static final long MIN_FRESH_SECONDS = 1;

  private static final long MAX_FRESH_SECONDS = Duration.ofDays(30).toSeconds();

  /// Larger layers are models and data sets, which somebody decides about.
  private static final long DEFAULT_MAX_BLOB_BYTES = 64L << 30;

  private final List<Upstream> longestFirst;

  private Upstreams(List<Upstream> upstreams) {
    this.longestFirst =
        upstreams.stream()
            .sorted(comparingInt((Upstream one) -> one.prefix().value().length()).reversed())
            .toList();
  }

  /// Reads a file.
  ///
  /// @throws UpstreamsException with a sentence
  public static Upstreams read(Path file) throws UpstreamsException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("more than %d bytes".formatted(MAX_BYTES));
      }
      return parse(Files.readAllBytes(file));
    } catch (MalformedContentException | IllegalArgumentException e) {
      throw new UpstreamsException("%s: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new UpstreamsException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  static Upstreams parse(byte[] content) {
    var fields = StrictJson.readObject(content, MAX_BYTES);
    fields.knowOnly("overlays", "mirrors");
    var upstreams = new ArrayList<Upstream>();
    for (var object : fields.objects("overlays")) {
      object.knowOnly("prefix");
      upstreams.add(new Upstream.Overlay(prefix(object)));
    }
    for (var object : fields.objects("mirrors")) {
      upstreams.add(mirror(object));
    }
    for (var one : upstreams) {
      if (upstreams.stream().filter(other -> other.prefix().equals(one.prefix())).count() > 1) {
        throw new IllegalArgumentException("%s is named twice".formatted(one.prefix()));
      }
    }
    return new Upstreams(upstreams);
  }

  private static Upstream mirror(JsonFields object) {
    object.knowOnly(
        "prefix",
        "upstream",
        "credentialsFile",
        "caFile",
        "plainHttp",
        "freshSeconds",
        "maxBlobBytes");
    var upstream = object.text("upstream");
    int slash = upstream.indexOf('/');
    var path = slash < 0 ? "" : upstream.substring(slash + 1);
    // Also checks them; any name will do where there is none yet.
    var registry =
        new Repository(
                slash < 0 ? upstream : upstream.substring(0, slash), path.isEmpty() ? "any" : path)
            .registry();
    long fresh =
        within(object, "freshSeconds", DEFAULT_FRESH_SECONDS, MIN_FRESH_SECONDS, MAX_FRESH_SECONDS);
    long maxBlobBytes =
        within(object, "maxBlobBytes", DEFAULT_MAX_BLOB_BYTES, 1, Descriptor.MAX_SIZE);
    return new Upstream.Mirror(
        prefix(object),
        registry,
        path,
        path(object, "credentialsFile"),
        path(object, "caFile"),
        isTrue(object, "plainHttp"),
        Duration.ofSeconds(fresh),
        maxBlobBytes);
  }

  private static long within(JsonFields object, String name, long absent, long least, long most) {
    long value = object.has(name) ? object.wholeNumber(name) : absent;
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d is not within %d..%d".formatted(name, value, least, most));
    }
    return value;
  }

  private static RepositoryName prefix(JsonFields object) {
    try {
      return RepositoryName.parse(object.text("prefix"));
    } catch (RegistryException e) {
      throw new IllegalArgumentException("prefix: " + e.getMessage(), e);
    }
  }

  private static @Nullable Path path(JsonFields object, String name) {
    var text = object.optionalText(name);
    return text == null ? null : Path.of(text);
  }

  private static boolean isTrue(JsonFields object, String name) {
    var value = object.node().path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException("%s is neither true nor false".formatted(name));
    }
    return value.asBoolean();
  }

  /// Whether a repository keeps what refers to images that are not there.
  public boolean isOverlay(RepositoryName repository) {
    return of(repository).filter(Upstream.Overlay.class::isInstance).isPresent();
  }

  /// The mirror that a repository is part of.
  Optional<Upstream.Mirror> mirror(RepositoryName repository) {
    return of(repository)
        .flatMap(
            one -> one instanceof Upstream.Mirror mirror ? Optional.of(mirror) : Optional.empty());
  }

  /// Whether anything is ever brought.
  public boolean haveMirrors() {
    return !mirrors().isEmpty();
  }

  List<Upstream.Mirror> mirrors() {
    var mirrors = new ArrayList<Upstream.Mirror>();
    for (var one : longestFirst) {
      if (one instanceof Upstream.Mirror mirror) {
        mirrors.add(mirror);
      }
    }
    return mirrors;
  }

  private Optional<Upstream> of(RepositoryName repository) {
    requireNonNull(repository, "repository is null");
    return longestFirst.stream().filter(one -> one.covers(repository)).findFirst();
  }
}
