package dev.referee.e2e.clients;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An image moved by a script of curl, one request a call (distribution-spec v1.1.1, "Push" and
/// "Pull"). The first call that fails is the outcome.
final class CurlImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final Program curl;
  private final ClientIdentity identity;
  private final String repository;
  private final String tag;

  CurlImage(Program curl, ClientIdentity identity, String reference) {
    this.curl = requireNonNull(curl, "curl is null");
    this.identity = requireNonNull(identity, "identity is null");
    int slash = reference.indexOf('/');
    int colon = reference.lastIndexOf(':');
    this.repository =
        "https://%s/v2/%s"
            .formatted(reference.substring(0, slash), reference.substring(slash + 1, colon));
    this.tag = reference.substring(colon + 1);
  }

  Output push(Path layout) {
    var digest = json(layout.resolve("index.json")).at("/manifests/0/digest").asText();
    var manifest = blob(layout, digest);
    for (var content : contents(json(manifest))) {
      var sent =
          call(
              "--request",
              "POST",
              "--header",
              "Content-Type: application/octet-stream",
              "--data-binary",
              "@" + blob(layout, content),
              repository + "/blobs/uploads/?digest=" + content);
      if (!sent.succeeded()) {
        return sent;
      }
    }
    return call(
        "--request",
        "PUT",
        "--header",
        "Content-Type: " + MANIFEST,
        "--data-binary",
        "@" + manifest,
        repository + "/manifests/" + tag);
  }

  Output pull(Path layout) {
    try {
      var blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
      var file = layout.resolve("manifest.json");
      var pulled =
          call(
              "--header",
              "Accept: " + MANIFEST,
              "--dump-header",
              layout.resolve("headers").toString(),
              "--output",
              file.toString(),
              repository + "/manifests/" + tag);
      if (!pulled.succeeded()) {
        // What was refused is in the file.
        return new Output(
            pulled.command(),
            pulled.exitCode(),
            Files.exists(file) ? Files.readString(file) : "",
            pulled.stderr());
      }
      for (var content : contents(json(file))) {
        pulled =
            call("--output", blob(layout, content).toString(), repository + "/blobs/" + content);
        if (!pulled.succeeded()) {
          return pulled;
        }
      }
      Files.move(file, blobs.resolve(digest(layout.resolve("headers"))));
      return pulled;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Output call(String... options) {
    var arguments = new ArrayList<>(List.of("--silent", "--show-error", "--fail-with-body"));
    arguments.addAll(List.of("--cacert", identity.authority().toString()));
    if (identity.isSomebody()) {
      arguments.addAll(List.of("--cert", identity.certificate().toString()));
      arguments.addAll(List.of("--key", identity.key().toString()));
    }
    arguments.addAll(List.of(options));
    return curl.run(arguments.toArray(String[]::new));
  }

  private static List<String> contents(JsonNode manifest) {
    var digests = new ArrayList<>(List.of(manifest.at("/config/digest").asText()));
    manifest.path("layers").forEach(layer -> digests.add(layer.path("digest").asText()));
    return digests;
  }

  private static Path blob(Path layout, String digest) {
    return layout.resolve("blobs/" + digest.replace(':', '/'));
  }

  /// @return the hexadecimal digits of what the registry says the manifest hashes to
  private static String digest(Path headers) throws IOException {
    return Files.readAllLines(headers).stream()
        .map(String::strip)
        .filter(line -> line.regionMatches(true, 0, "Docker-Content-Digest: ", 0, 23))
        .map(line -> line.substring(line.lastIndexOf(':') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
