package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.JsonFields;
import dev.referee.oci.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an object consists of that was uploaded in segments.
///
/// @param upload the upload that wrote them
/// @param names their names, in order
/// @param size the length of all together; all but the last have [SegmentBuffers#SEGMENT_BYTES]
record SegmentList(String upload, List<String> names, long size) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Marks an object that is a list and not content: content may look like anything.
  private static final String MARK = "referee-segments";

  SegmentList {
    requireNonNull(upload, "upload is null");
    names = List.copyOf(names);
  }

  static Map<String, String> mark() {
    return Map.of(MARK, "1");
  }

  static boolean isIn(Map<String, String> metadata) {
    return metadata.containsKey(MARK);
  }

  byte[] encode() {
    var node = JSON.createObjectNode().put("upload", upload).put("size", size);
    var array = node.putArray("segments");
    names.forEach(array::add);
    return node.toString().getBytes(UTF_8);
  }

  static SegmentList decode(String key, byte[] content) throws StorageException {
    try {
      return of(StrictJson.readObject(content, ObjectStore.MAX_OBJECT_BYTES));
    } catch (MalformedContentException e) {
      throw new StorageException(
          StorageReason.CORRUPT,
          "%s is not a list of segments: %s".formatted(key, e.getMessage()),
          e);
    }
  }

  private static SegmentList of(JsonFields fields) {
    var names = new ArrayList<String>();
    fields.elements("segments").forEach(name -> names.add(name.asText()));
    return new SegmentList(fields.text("upload"), names, fields.wholeNumber("size"));
  }
}
