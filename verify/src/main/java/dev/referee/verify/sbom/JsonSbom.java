package dev.referee.verify.sbom;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.referee.api.v1alpha1.SbomFormat;
import dev.referee.oci.ContentReason;
import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the top level of a JSON SBOM as a stream: documents have tens of megabytes, and a tree of
/// one takes ten times that.
final class JsonSbom {
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){1,3}");
  private static final String SPDX_3 = "https://spdx.org/rdf/3.";

  private @Nullable String spdxVersion;
  private @Nullable String spdxId;
  private @Nullable String bomFormat;
  private @Nullable String specVersion;
  private @Nullable String context;
  private long packages;
  private long components;
  private long graphPackages;

  private JsonSbom() {}

  static Optional<SbomDocument> read(JsonParser parser) throws IOException {
    var sbom = new JsonSbom();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      sbom.field(name, parser);
    }
    if (parser.nextToken() != null) {
      throw new MalformedContentException(
          ContentReason.JSON_MALFORMED, "the document goes on after its end");
    }
    return sbom.document();
  }

  private void field(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "spdxVersion" -> spdxVersion = text(parser);
      case "SPDXID" -> spdxId = text(parser);
      case "bomFormat" -> bomFormat = text(parser);
      case "specVersion" -> specVersion = text(parser);
      case "@context" -> context = context(parser);
      case "packages" -> packages = count(parser, null);
      case "components" -> components = count(parser, null);
      case "@graph" -> graphPackages = count(parser, "software_Package");
      default -> parser.skipChildren();
    }
  }

  private Optional<SbomDocument> document() {
    boolean spdx = spdxVersion != null || (context != null && context.startsWith(SPDX_3));
    if (spdx && bomFormat != null) {
      throw new MalformedContentException(
          ContentReason.MANIFEST_AMBIGUOUS, "the document claims to be SPDX and CycloneDX");
    }
    if ("CycloneDX".equals(bomFormat)) {
      return version(specVersion)
          .map(version -> new SbomDocument(SbomFormat.CYCLONEDX, version, components));
    }
    if (spdxVersion != null
        && spdxVersion.startsWith("SPDX-2.")
        && "SPDXRef-DOCUMENT".equals(spdxId)) {
      return version(spdxVersion.substring("SPDX-".length()))
          .map(version -> new SbomDocument(SbomFormat.SPDX, version, packages));
    }
    if (context != null && context.startsWith(SPDX_3)) {
      int from = "https://spdx.org/rdf/".length();
      int to = context.indexOf('/', from);
      return version(to < 0 ? context.substring(from) : context.substring(from, to))
          .map(version -> new SbomDocument(SbomFormat.SPDX, version, graphPackages));
    }
    return Optional.empty();
  }

  private static Optional<String> version(@Nullable String text) {
    return Optional.ofNullable(text).filter(v -> VERSION.matcher(v).matches());
  }

  private static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  /// The context of a JSON-LD document: a string, or the first string of an array.
  private static @Nullable String context(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return text(parser);
    }
    String first = null;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      var element = text(parser);
      first = first == null ? element : first;
    }
    return first;
  }

  /// Counts the objects of an array, all of them or those with this `type`.
  private static long count(JsonParser parser, @Nullable String type) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return 0;
    }
    long count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT && isOfType(parser, type)) {
        count++;
      } else {
        parser.skipChildren();
      }
    }
    return count;
  }

  private static boolean isOfType(JsonParser parser, @Nullable String type) throws IOException {
    if (type == null) {
      parser.skipChildren();
      return true;
    }
    boolean matches = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      var value = text(parser);
      matches |= (name.equals("type") || name.equals("@type")) && type.equals(value);
    }
    return matches;
  }
}
