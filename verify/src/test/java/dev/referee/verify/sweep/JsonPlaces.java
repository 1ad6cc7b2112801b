package dev.referee.verify.sweep;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// The places of a JSON text: names and values by the path to them, quotes included, and what
/// stands between.
public final class JsonPlaces implements Places {
  private final String[] places;

  private JsonPlaces(String[] places) {
    this.places = places;
  }

  /// Reads a text, which is well-formed. All elements of an array are one place.
  public static JsonPlaces of(byte[] json) {
    return of(json, path -> path.replaceAll("/[0-9]+(?=/|$)", "[]"));
  }

  /// The same, with other words for a path.
  public static JsonPlaces of(byte[] json, UnaryOperator<String> words) {
    var places = new String[json.length];
    for (int at = 0; at < json.length; at++) {
      places[at] = Character.isWhitespace(json[at]) ? "blank" : "punctuation";
    }
    try (var parser = new JsonFactory().createParser(json)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME || token.isScalarValue()) {
          int from = (int) parser.currentTokenLocation().getByteOffset();
          var path = words.apply(parser.getParsingContext().pathAsPointer().toString());
          var kind = token == JsonToken.FIELD_NAME ? "name of " : "value of ";
          Arrays.fill(places, from, end(json, from), kind + path.replace("~1", "/"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new JsonPlaces(places);
  }

  private static int end(byte[] json, int from) {
    int at = from + 1;
    if (json[from] == '"') {
      while (json[at] != '"') {
        at += json[at] == '\\' ? 2 : 1;
      }
      return at + 1;
    }
    while (at < json.length
        && (Character.isLetterOrDigit(json[at]) || ".+-".indexOf(json[at]) >= 0)) {
      at++;
    }
    return at;
  }

  @Override
  public String of(int at) {
    return places[at];
  }
}
