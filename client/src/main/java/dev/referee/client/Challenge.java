package dev.referee.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1).
///
/// @param scheme lower case: `bearer`, `basic`
/// @param parameters names in lower case
record Challenge(String scheme, Map<String, String> parameters) {
  /// A header is a few hundred bytes; one of kilobytes is not for us.
  private static final int MAX_LENGTH = 8192;

  /// Reads every challenge of a header, as far as it makes sense.
  static List<Challenge> parse(String header) {
    return header.length() > MAX_LENGTH ? List.of() : new Parser(header).challenges();
  }

  /// A reader over the header's characters: parameters may hold quoted commas, and several
  /// challenges may stand in one header.
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    List<Challenge> challenges() {
      var challenges = new ArrayList<Challenge>();
      skipSeparators();
      while (at < text.length()) {
        var scheme = token();
        if (scheme.isEmpty()) {
          return challenges;
        }
        var parameters = new LinkedHashMap<String, String>();
        skipSpaces();
        while (readParameter(parameters)) {
          skipSeparators();
        }
        challenges.add(new Challenge(scheme.toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
        skipSeparators();
      }
      return challenges;
    }

    /// Reads `name=value`; what is no parameter is left for the next challenge.
    private boolean readParameter(Map<String, String> parameters) {
      int start = at;
      var name = token();
      skipSpaces();
      if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
        at = start;
        return false;
      }
      at++;
      skipSpaces();
      var value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
      parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
      return true;
    }

    private String token() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String quoted() {
      var value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at = Math.min(at + 1, text.length());
      return value.toString();
    }

    private void skipSpaces() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }

    private void skipSeparators() {
      while (at < text.length() && " \t,".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
