package dev.referee.cli.report;

/// Text for the inside of HTML and SVG, elements and quoted attributes alike.
final class Html {
  private Html() {}

  /// What a stranger wrote is shown as he wrote it, and does nothing. What a document may not
  /// contain, and what turns the direction of the text around it, is shown as a mark.
  static String escape(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(escaped, c));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int c) {
    switch (c) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\'' -> escaped.append("&#39;");
      case '`' -> escaped.append("&#96;");
      case '\n', '\t' -> escaped.append(' ');
      default -> {
        int type = Character.getType(c);
        boolean unprintable =
            type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.PRIVATE_USE;
        escaped.appendCodePoint(unprintable ? 0xfffd : c);
      }
    }
  }
}
