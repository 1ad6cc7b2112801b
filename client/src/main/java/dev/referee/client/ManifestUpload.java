package dev.referee.client;

import static dev.referee.oci.SourceReason.MALFORMED_RESPONSE;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.client.Session.Redirects;
import dev.referee.oci.BlobContent;
import dev.referee.oci.Descriptor;
import dev.referee.oci.Digest;
import dev.referee.oci.Index;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Manifest;
import dev.referee.oci.MediaType;
import dev.referee.oci.SourceException;
import dev.referee.oci.json.StrictJson;
import org.jspecify.annotations.Nullable;

/// Pushes manifests, and, where the registry does not keep lists of referrers, keeps them itself
/// (distribution-spec v1.1.1, "Pushing Manifests with Subject").
final class ManifestUpload {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RemoteRepository repository;

  ManifestUpload(RemoteRepository repository) {
    this.repository = requireNonNull(repository, "repository is null");
  }

  void upload(Digest digest, byte[] manifest, MediaType mediaType, @Nullable String tag)
      throws SourceException {
    var parsed = parse(manifest, mediaType);
    boolean listed = put(manifest, mediaType, tag == null ? digest.toString() : tag);
    if (parsed.subject() != null && !listed) {
      var descriptor = new Descriptor(mediaType, digest, manifest.length);
      addToFallbackTag(parsed.subject().digest(), descriptor, parsed);
    }
  }

  private static Manifest parse(byte[] manifest, MediaType mediaType) throws SourceException {
    try {
      return Manifest.parse(manifest, mediaType);
    } catch (MalformedContentException e) {
      throw new SourceException(
          MALFORMED_RESPONSE, "what is pushed is no manifest: " + e.getMessage(), e);
    }
  }

  /// @return whether the registry says that it has taken note of the subject
  private boolean put(byte[] manifest, MediaType mediaType, String reference)
      throws SourceException {
    var request =
        repository
            .request("PUT", "/manifests/" + reference)
            .with("Content-Type", mediaType.value())
            .withBody(BlobContent.of(manifest), manifest.length);
    try (var response = repository.send(request, true, Redirects.SAME_ORIGIN)) {
      if (response.status() != 201) {
        throw ResponseFault.of(request, response);
      }
      return response.header("OCI-Subject").isPresent();
    }
  }

  /// Reads the list, adds to it, writes it back. Two clients that do so at once can lose an entry;
  /// the protocol knows no better, which is why registries should have the API.
  private void addToFallbackTag(Digest subject, Descriptor descriptor, Manifest parsed)
      throws SourceException {
    var tag = subject.tagForm();
    var index = JSON.createObjectNode();
    index.put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX.value());
    var entries = index.putArray("manifests");
    var existing = repository.manifest(tag);
    if (existing.isPresent()) {
      if (!(parse(existing.get().bytes(), MediaType.OCI_INDEX) instanceof Index)) {
        throw new SourceException(
            MALFORMED_RESPONSE, "the tag %s is taken by something else".formatted(tag));
      }
      StrictJson.readObject(existing.get().bytes(), Manifest.MAX_BYTES)
          .elements("manifests")
          .forEach(entries::add);
    }
    for (var entry : entries) {
      if (entry.path("digest").asText().equals(descriptor.digest().toString())) {
        return;
      }
    }
    add(entries, descriptor, parsed);
    put(bytes(index), MediaType.OCI_INDEX, tag);
  }

  private static void add(ArrayNode entries, Descriptor descriptor, Manifest parsed) {
    var entry = entries.addObject();
    entry
        .put("mediaType", descriptor.mediaType().value())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
    if (parsed.artifactType() != null) {
      entry.put("artifactType", parsed.artifactType());
    }
    if (!parsed.annotations().isEmpty()) {
      var annotations = entry.putObject("annotations");
      parsed.annotations().forEach(annotations::put);
    }
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
