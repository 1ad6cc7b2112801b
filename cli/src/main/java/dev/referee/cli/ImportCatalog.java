package dev.referee.cli;

import dev.referee.client.RegistryClient;
import dev.referee.oci.Deadline;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.oci.SourceException;
import java.time.Duration;
import java.util.List;

/// Sources that are many: `REGISTRY/` and `REGISTRY/PREFIX/`, every repository that the registry
/// lists, or those below a name. No reference to one artifact ends with a slash.
final class ImportCatalog {
  private static final Duration BUDGET = Duration.ofMinutes(5);

  /// Their names alone are megabytes.
  private static final int MAX_REPOSITORIES = 50_000;

  private ImportCatalog() {}

  static boolean isCatalog(String text) {
    return text.endsWith("/") && !text.startsWith(ImportSource.LAYOUT);
  }

  /// The names of the repositories that a text means, as the registry has them.
  ///
  /// @throws MisuseException with a sentence, where there are none
  static List<String> read(String text, RegistryClient client) throws MisuseException {
    int slash = text.indexOf('/');
    var registry = text.substring(0, slash);
    var prefix = text.substring(slash + 1);
    try {
      var names = client.repositories(registry, MAX_REPOSITORIES + 1, Deadline.in(BUDGET));
      if (names.size() > MAX_REPOSITORIES) {
        throw new MisuseException(
            "%s lists more than %d repositories; import them in parts"
                .formatted(registry, MAX_REPOSITORIES));
      }
      var found = names.stream().filter(name -> name.startsWith(prefix)).toList();
      if (found.isEmpty()) {
        throw new MisuseException(
            "%s lists no repository%s; name them one by one where it has no catalog"
                .formatted(registry, prefix.isEmpty() ? "" : " below " + prefix));
      }
      return found;
    } catch (SourceException e) {
      throw new MisuseException(
          "the catalog of %s cannot be read (%s): %s"
              .formatted(registry, e.reason(), e.getMessage()),
          e);
    } catch (MalformedContentException e) {
      throw new MisuseException("%s: %s (%s)".formatted(text, e.getMessage(), e.reason()), e);
    }
  }

  /// One of its repositories, as a source.
  ///
  /// @throws MisuseException with a sentence, for a name that none can have
  static String source(String text, String name) throws MisuseException {
    var registry = text.substring(0, text.indexOf('/'));
    try {
      return new Repository(registry, name).toString();
    } catch (MalformedContentException e) {
      throw new MisuseException(
          "%s lists what is no repository: %s (%s)".formatted(registry, e.getMessage(), e.reason()),
          e);
    }
  }
}
