package dev.referee.gate;

import static java.util.stream.Collectors.joining;

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
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ValueReference;
import dev.referee.verify.policy.ValueReference.Holder;
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
/// would take, checked as strictly as the API server and the webhook would. Secrets and ConfigMaps
/// among them hold what the others name.
public final class PolicyFiles {
  /// The API server takes objects of 3 MiB at most.
  private static final int MAX_FILE_BYTES = 16 << 20;

  private static final int MAX_FILES = 10_000;

  private static final ObjectReader YAML = yaml();

  /// Where Referee is installed unless somebody says otherwise; a file may leave the namespace out.
  private static final String OWN_NAMESPACE = "referee-system";

  private final List<Resource> resources = new ArrayList<>();
  private final Map<String, ValueHolder> holders = new HashMap<>();
  private final Map<ResourceId, String> places = new HashMap<>();

  private PolicyFiles() {}

  /// Reads files and folders; of a folder every file that ends in `.yaml`, `.yml` or `.json`, in
  /// the order of their names, without its folders.
  ///
  /// @throws PolicyFileException for the first thing that is wrong, with the file and the place in
  ///   it
  public static PolicyDocuments read(List<Path> filesAndFolders) throws PolicyFileException {
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
    if (reader.resources.isEmpty()) {
      throw new PolicyFileException(
          "%s: there is no object of %s in it"
              .formatted(
                  filesAndFolders.stream().map(Path::toString).collect(joining(", ")),
                  ResourceKind.API_VERSION));
    }
    return new PolicyDocuments(reader.resources, new KeptValues(reader.holders));
  }

  /// What Secrets and ConfigMaps of the files hold.
  private record KeptValues(Map<String, ValueHolder> holders) implements ReferencedValues {
    KeptValues {
      holders = Map.copyOf(holders);
    }

    @Override
    public Value value(ValueReference reference) {
      var namespace = reference.namespace() == null ? OWN_NAMESPACE : reference.namespace();
      var holder = holders.get(holderKey(reference.holder(), namespace, reference.name()));
      if (holder == null) {
        holder = holders.get(holderKey(reference.holder(), "", reference.name()));
      }
      return holder == null ? NONE.value(reference) : holder.value(reference);
    }
  }

  private static String holderKey(Holder holder, String namespace, String name) {
    return "%s %s/%s".formatted(holder, namespace, name);
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
    var holder = ValueHolder.kind(document);
    if (holder.isPresent()) {
      addHolder(holder.get(), document, place);
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

  private void addHolder(Holder holder, JsonNode document, String place)
      throws PolicyFileException {
    var metadata = document.path("metadata");
    var key =
        holderKey(holder, metadata.path("namespace").asText(), metadata.path("name").asText());
    try {
      if (holders.put(key, ValueHolder.of(holder, document)) != null) {
        throw new PolicyFileException("%s: %s was defined before".formatted(place, key));
      }
    } catch (IllegalArgumentException e) {
      throw new PolicyFileException("%s: %s: %s".formatted(place, key, e.getMessage()), e);
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
