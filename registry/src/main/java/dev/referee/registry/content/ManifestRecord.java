package dev.referee.registry.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.MediaType;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import dev.referee.registry.storage.ObjectStore;
import dev.referee.registry.storage.StorageException;
import dev.referee.registry.storage.StorageReason;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept about a manifest beside its bytes.
///
/// @param mediaType what it was pushed as; it is served as nothing else
/// @param size the length of its bytes
/// @param artifactType the type of artifact, if it says or implies one
/// @param subject what it refers to, if anything
/// @param push the push that wrote it, whose links and edges belong to it
/// @param pushedAt when
/// @param blobs config and layers, those that the repository had
/// @param children the manifests that an index names
/// @param absent config, layers and other content that the repository did not have when it was
///   pushed; what comes later must not be collected
record ManifestRecord(
    MediaType mediaType,
    long size,
    @Nullable String artifactType,
    @Nullable Digest subject,
    String push,
    Instant pushedAt,
    List<Digest> blobs,
    List<Digest> children,
    List<Digest> absent) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Between the record and the manifest's bytes; JSON on one line has none.
  private static final byte SEPARATOR = '\n';

  ManifestRecord {
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(push, "push is null");
    requireNonNull(pushedAt, "pushedAt is null");
    blobs = List.copyOf(blobs);
    children = List.copyOf(children);
    absent = List.copyOf(absent);
  }

  /// The object that holds the record and, unless they are stored as a blob, the manifest's bytes.
  byte[] encode(byte[] inlined) {
    var node = JSON.createObjectNode();
    node.put("mediaType", mediaType.value()).put("size", size);
    if (artifactType != null) {
      node.put("artifactType", artifactType);
    }
    if (subject != null) {
      node.put("subject", subject.toString());
    }
    node.put("push", push).put("pushedAt", pushedAt.toString());
    write(node.putArray("blobs"), blobs);
    write(node.putArray("children"), children);
    if (!absent.isEmpty()) {
      write(node.putArray("absent"), absent);
    }
    var object = new ByteArrayOutputStream();
    object.writeBytes(node.toString().getBytes(UTF_8));
    object.write(SEPARATOR);
    object.writeBytes(inlined);
    return object.toByteArray();
  }

  /// A decoded object.
  ///
  /// @param inlined the manifest's bytes; empty where they are stored as a blob
  @SuppressWarnings("ArrayRecordComponent") // On its way from one method to the next.
  record Decoded(ManifestRecord record, byte[] inlined) {}

  static Decoded decode(String key, byte[] object) throws StorageException {
    int end = 0;
    while (end < object.length && object[end] != SEPARATOR) {
      end++;
    }
    try {
      var fields = StrictJson.readObject(Arrays.copyOf(object, end), ObjectStore.MAX_OBJECT_BYTES);
      var subject = fields.optionalText("subject");
      var record =
          new ManifestRecord(
              MediaType.of(fields.text("mediaType")),
              fields.wholeNumber("size"),
              fields.optionalText("artifactType"),
              subject == null ? null : Digest.parse(subject),
              fields.text("push"),
              Instant.parse(fields.text("pushedAt")),
              digests(fields, "blobs"),
              digests(fields, "children"),
              fields.has("absent") ? digests(fields, "absent") : List.of());
      return new Decoded(
          record, Arrays.copyOfRange(object, Math.min(end + 1, object.length), object.length));
    } catch (MalformedContentException | java.time.DateTimeException e) {
      throw new StorageException(
          StorageReason.CORRUPT, "%s is not a manifest's record: %s".formatted(key, e), e);
    }
  }

  private static void write(ArrayNode array, List<Digest> digests) {
    digests.forEach(digest -> array.add(digest.toString()));
  }

  private static List<Digest> digests(JsonFields fields, String name) {
    return fields.elements(name).stream().map(JsonNode::asText).map(Digest::parse).toList();
  }
}
