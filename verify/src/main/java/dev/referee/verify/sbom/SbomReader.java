package dev.referee.verify.sbom;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.oci.ContentReason;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Recognises SBOMs by their content: SPDX 2 in JSON and tag-value form, SPDX 3 in JSON-LD,
/// CycloneDX in JSON and XML. What a manifest calls a document does not matter here.
public final class SbomReader {
  private SbomReader() {}

  /// Reads a document.
  ///
  /// @param maxBytes more than this is refused unread
  /// @return empty when it is no SBOM of a format that is known
  /// @throws MalformedContentException when it is none, or two at once
  public static Optional<SbomDocument> read(byte[] content, int maxBytes) {
    if (content.length > maxBytes) {
      throw new MalformedContentException(
          ContentReason.SIZE_OUT_OF_RANGE,
          "the document has %d bytes, %d are read".formatted(content.length, maxBytes));
    }
    int first = firstVisible(content);
    return switch (first) {
      case '{' -> json(StrictJson.parser(content, maxBytes));
      case '<' -> CycloneDxXml.read(content);
      default -> SpdxTagValue.read(new String(content, StandardCharsets.UTF_8));
    };
  }

  /// Reads the predicate of an attestation: an object, or a string with a tag-value document.
  public static Optional<SbomDocument> readPredicate(JsonNode predicate) {
    if (predicate.isTextual()) {
      return SpdxTagValue.read(predicate.textValue());
    }
    return predicate.isObject() ? json(predicate.traverse()) : Optional.empty();
  }

  private static Optional<SbomDocument> json(JsonParser parser) {
    try (parser) {
      return JsonSbom.read(parser);
    } catch (JsonProcessingException e) {
      throw new MalformedContentException(
          ContentReason.JSON_MALFORMED, "the document is not well-formed JSON");
    } catch (IOException e) {
      throw new MalformedContentException(
          ContentReason.JSON_MALFORMED, "the document cannot be read");
    }
  }

  private static int firstVisible(byte[] content) {
    for (byte b : content) {
      if (!Character.isWhitespace(b)) {
        return b;
      }
    }
    return -1;
  }
}
