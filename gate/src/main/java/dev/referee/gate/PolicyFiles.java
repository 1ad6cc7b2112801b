package dev.referee.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;

/// Reads policies, signers and the configuration from YAML or JSON files: what `kubectl apply`
/// would take, checked as strictly as the API server and the webhook would.
public final class PolicyFiles {
  /// The API server takes objects of 3 MiB at most.
  private static final int MAX_FILE_BYTES = 16 << 20;

  private static final int MAX_FILES = 10_000;

  private static final ObjectReader YAML = yaml();

  private final List<Resource> resources = new ArrayList<>();
  private final Map<ResourceId, String> places = new HashMap<>();

  private PolicyFiles() {}

  /// Reads files and folders; of a folder every file that ends in `.yaml`, `.yml` or `.json`, in
  /// the order of their names, without its folders.
  ///
  /// @throws PolicyFileException for the first thing that is wrong, with the file and the place in
  ///   it
  public static List<Resource> read(List<Path> filesAndFolders) throws PolicyFileException {
    var reader = new PolicyFiles();
    for (var path : filesAndFolders) {
      if (Files.isDirectory(path)) {
        for (var file : list(path)) {
          reader.readFile(file);
        }
      } else {
        reader.readFile(path);
      }
    }
    return List.copyOf(reader.resources);
  }

  private static List<Path> list(Path folder) throws PolicyFileException {
    try (Stream<Path> files = Files.list(folder)) {
      var found = files.filter(PolicyFiles::isManifest).sorted().limit(MAX_FILES + 1L).toList();
      if (found.isEmpty()) {
        throw new PolicyFileException("%s has no .yaml, .yml or .json file".formatted(folder));
      }
      if (found.size() > MAX_FILES) {
        throw new PolicyFileException("%s has more than %d files".formatted(folder, MAX_FILES));
      }
      return found;
    } catch (IOException e) {
      throw new PolicyFileException("%s cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static boolean isManifest(Path file) {
    var name = String.valueOf(file.getFileName());
    return Files.isRegularFile(file)
        && !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private void readFile(Path file) throws PolicyFileException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new PolicyFileException("%s has more than %d bytes".formatted(file, MAX_FILE_BYTES));
      }
      int document = 0;
      var content = Files.readAllBytes(file);
      checkAliases(file, content);
      try (var documents = YAML.readValues(content)) {
        while (documents.hasNextValue()) {
          document++;
          add((JsonNode) documents.nextValue(), "%s, document %d".formatted(file, document));
        }
      }
    } catch (NoSuchFileException e) {
      throw new PolicyFileException(file + " does not exist", e);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new PolicyFileException(
          "%s%s is not well-formed YAML: %s"
              .formatted(
                  file,
                  at == null ? "" : ", line %d".formatted(at.getLineNr()),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new PolicyFileException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// The reader takes the name of an alias for its value, so that a policy would say something else
  /// than it does to `kubectl`; unfolding aliases would let a few lines become gigabytes.
  private static void checkAliases(Path file, byte[] content)
      throws IOException, PolicyFileException {
    try (var tokens = (YAMLParser) YAML.getFactory().createParser(content)) {
      while (tokens.nextToken() != null) {
        if (tokens.isCurrentAlias()) {
          throw new PolicyFileException(
              "%s, line %d: aliases are not read; write the value out"
                  .formatted(file, tokens.currentTokenLocation().getLineNr()));
        }
      }
    }
  }

  private void add(JsonNode document, String place) throws PolicyFileException {
    if (isEmpty(document)) {
      // What stands between two separators, or a comment alone.
      return;
    }
    try {
      var resource = ResourceReader.read(document);
      var other = places.putIfAbsent(resource.id(), place);
      if (other != null) {
        throw new PolicyFileException(
            "%s: %s was defined before, in %s".formatted(place, resource.id(), other));
      }
      resources.add(resource);
    } catch (InvalidResourceException e) {
      throw new PolicyFileException("%s: %s (%s)".formatted(place, e.getMessage(), e.reason()), e);
    }
  }

  private static boolean isEmpty(JsonNode document) {
    return document.isNull()
        || document.isMissingNode()
        || (document.isTextual() && document.textValue().isEmpty());
  }

  private static ObjectReader yaml() {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_FILE_BYTES);
    options.setNestingDepthLimit(64);
    options.setAllowDuplicateKeys(false);
    var factory =
        YAMLFactory.builder()
            .loaderOptions(options)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build();
    return new YAMLMapper(factory).readerFor(JsonNode.class);
  }
}
