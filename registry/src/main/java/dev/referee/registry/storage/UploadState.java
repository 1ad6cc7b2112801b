package dev.referee.registry.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept about an upload between two requests.
///
/// @param owner what its owner wants to know
/// @param segments what has arrived; all but the last are full
/// @param size how many bytes that is
/// @param changed when it was begun or last grew
/// @param holder the request that has it open; null for none
/// @param held since when
/// @param committing the key it is about to become, or was; null before
/// @param ending whether it is being removed: nobody opens it again
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record UploadState(
    byte[] owner,
    List<String> segments,
    long size,
    Instant changed,
    @Nullable String holder,
    Instant held,
    @Nullable String committing,
    boolean ending) {
  private static final ObjectMapper JSON = new ObjectMapper();

  UploadState {
    requireNonNull(owner, "owner is null");
    segments = List.copyOf(segments);
  }

  static UploadState fresh(byte[] owner, Instant now) {
    return new UploadState(owner.clone(), List.of(), 0, now, null, now, null, false);
  }

  UploadState heldBy(@Nullable String newHolder, Instant now) {
    return new UploadState(owner, segments, size, changed, newHolder, now, committing, ending);
  }

  UploadState committingTo(String key) {
    return new UploadState(owner, segments, size, changed, holder, held, key, ending);
  }

  UploadState with(List<String> newSegments, long newSize, Instant now) {
    var grown = newSize == size ? changed : now;
    return new UploadState(owner, newSegments, newSize, grown, holder, held, committing, ending);
  }

  UploadState atItsEnd() {
    return new UploadState(owner, segments, size, changed, holder, held, committing, true);
  }

  byte[] encode() {
    var node =
        JSON.createObjectNode()
            .put("owner", Base64.getEncoder().encodeToString(owner))
            .put("size", size)
            .put("changed", changed.toString())
            .put("held", held.toString());
    if (holder != null) {
      node.put("holder", holder);
    }
    if (committing != null) {
      node.put("committing", committing);
    }
    if (ending) {
      node.put("ending", true);
    }
    var array = node.putArray("segments");
    segments.forEach(array::add);
    return node.toString().getBytes(UTF_8);
  }

  static UploadState decode(String id, byte[] content) throws StorageException {
    try {
      var fields = StrictJson.readObject(content, ObjectStore.MAX_OBJECT_BYTES);
      var segments = new ArrayList<String>();
      fields.elements("segments").forEach(name -> segments.add(name.asText()));
      return new UploadState(
          Base64.getDecoder().decode(fields.text("owner")),
          segments,
          fields.wholeNumber("size"),
          Instant.parse(fields.text("changed")),
          fields.optionalText("holder"),
          Instant.parse(fields.text("held")),
          fields.optionalText("committing"),
          fields.has("ending"));
    } catch (MalformedContentException | DateTimeException | IllegalArgumentException e) {
      throw new StorageException(
          StorageReason.CORRUPT, "%s is not an upload: %s".formatted(id, e.getMessage()), e);
    }
  }
}
