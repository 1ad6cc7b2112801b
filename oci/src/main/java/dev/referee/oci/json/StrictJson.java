package dev.referee.oci.json;

import static dev.referee.oci.ContentReason.JSON_MALFORMED;
import static dev.referee.oci.ContentReason.JSON_TOO_LARGE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads JSON so that two readers cannot see two documents in the same bytes: UTF-8 without a byte
/// order mark, no duplicate names, nothing after the value (I-JSON, RFC 7493), and bounded in every
/// dimension.
public final class StrictJson {
  /// Deeper than any manifest, bundle or SBOM that exists; shallow enough for any stack.
  static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_DIGITS = 40;
  private static final int MAX_NAME_CHARS = 4096;

  private static final ObjectReader READER =
      JsonMapper.builder(factory())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .reader();

  private StrictJson() {}

  /// Reads a document that must be an object.
  ///
  /// @param content the bytes
  /// @param maxBytes more than this is refused unread
  /// @throws MalformedContentException with `JSON_TOO_LARGE` or `JSON_MALFORMED`
  public static JsonFields readObject(byte[] content, int maxBytes) {
    if (read(content, maxBytes) instanceof ObjectNode object) {
      return JsonFields.of(object);
    }
    throw new MalformedContentException(JSON_MALFORMED, "the JSON document is not an object");
  }

  /// Reads any document.
  ///
  /// @throws MalformedContentException with `JSON_TOO_LARGE` or `JSON_MALFORMED`
  public static JsonNode read(byte[] content, int maxBytes) {
    if (content.length > maxBytes) {
      throw tooLarge(content.length, maxBytes);
    }
    try {
      var node = READER.readTree(decode(content));
      if (node.isMissingNode()) {
        throw new MalformedContentException(JSON_MALFORMED, "the JSON document is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new MalformedContentException(
          JSON_MALFORMED, "not well-formed JSON: " + brief(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new MalformedContentException(JSON_MALFORMED, "not UTF-8");
    } catch (NumberFormatException e) {
      // Jackson hands on what BigDecimal says to an exponent of many digits.
      throw new MalformedContentException(JSON_MALFORMED, "a number is out of every range");
    }
  }

  /// A parser over a document that is too large for a tree. It is as strict, except that whoever
  /// uses it looks for what follows the value.
  ///
  /// @throws MalformedContentException with `JSON_TOO_LARGE`, or `JSON_MALFORMED` when it is not
  ///   UTF-8
  public static JsonParser parser(byte[] content, int maxBytes) {
    if (content.length > maxBytes) {
      throw tooLarge(content.length, maxBytes);
    }
    try {
      return READER.getFactory().createParser(decode(content));
    } catch (IOException e) {
      throw new MalformedContentException(JSON_MALFORMED, "not UTF-8");
    }
  }

  private static MalformedContentException tooLarge(int bytes, int maxBytes) {
    return new MalformedContentException(
        JSON_TOO_LARGE,
        "the JSON document has %d bytes, %d are allowed".formatted(bytes, maxBytes));
  }

  /// Jackson guesses encodings and accepts overlong UTF-8; the JDK's decoder does neither.
  private static String decode(byte[] content) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
  }

  private static JsonFactory factory() {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // A message about hostile input does not repeat the input.
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(MAX_NUMBER_DIGITS)
                .maxNameLength(MAX_NAME_CHARS)
                // The document's own size is checked first, so a string can be as long as it.
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        // Names from strangers are not interned.
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build();
  }

  private static String brief(String message) {
    var firstLine = message.lines().findFirst().orElse("");
    return firstLine.length() <= 200 ? firstLine : firstLine.substring(0, 200) + "...";
  }
}
