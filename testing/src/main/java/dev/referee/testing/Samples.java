package dev.referee.testing;

import dev.referee.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What real signers produced: folders of captured registry answers, in the folder named by the
/// property `referee.shared`, under `samples`. All of them refer to the image [#SUBJECT], whose
/// bytes are [#INDEX].
public final class Samples {
  public static final Digest SUBJECT =
      Digest.parse("sha256:174b244f327cd5f15067111d2dfe4d9f1c52499ea834c383b0c2dfd561b3c69b");

  /// The image itself, an index, which the samples leave out. Its children are not there.
  public static final String INDEX =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[\
      {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":401,\
      "digest":"sha256:d2ea6f253d238957aa147738d4cada176ce981ca212e191d80b4e0c7da41c43d"},\
      {"mediaType":"application/vnd.oci.image.manifest.v1+json","size":401,\
      "digest":"sha256:77e199d619b7c38bafafb192a4f8b8ce0e0e7828d283544f8d65ee4bc4deb154"}]}\
      """;

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
    repository.corrupt(SUBJECT, INDEX.getBytes(StandardCharsets.UTF_8));
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
