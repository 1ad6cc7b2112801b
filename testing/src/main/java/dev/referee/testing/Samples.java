package dev.referee.testing;

import dev.referee.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What real signers produced: folders of captured registry answers, in the folder named by the
/// property `referee.shared`, under `samples`. All of them refer to the image [#SUBJECT], which is
/// not among them.
public final class Samples {
  public static final Digest SUBJECT =
      Digest.parse("sha256:174b244f327cd5f15067111d2dfe4d9f1c52499ea834c383b0c2dfd561b3c69b");

  private Samples() {}

  /// The folder of samples, if it is there.
  public static Optional<Path> folder() {
    var shared = System.getProperty("referee.shared");
    return Optional.ofNullable(shared)
        .map(folder -> Path.of(folder, "samples"))
        .filter(Files::isDirectory);
  }

  /// One sample as a repository without the referrers API: that is what it was captured from.
  ///
  /// @param sample a folder: `tag_<tag>.json`, `manifest_<12 hex>.json`, `blob_<12 hex>`
  public static MemoryRepository repository(Path sample) {
    var repository = new MemoryRepository().withoutReferrersApi();
    load(repository, sample);
    return repository;
  }

  /// One more sample into a repository; where both have a tag, its own wins.
  public static void load(MemoryRepository repository, Path sample) {
    for (var file : files(sample)) {
      try {
        var name = String.valueOf(file.getFileName());
        var bytes = Files.readAllBytes(file);
        repository.corrupt(Digest.of(bytes), bytes);
        if (name.startsWith("tag_")) {
          repository.tag(name.substring(4, name.length() - ".json".length()), Digest.of(bytes));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
