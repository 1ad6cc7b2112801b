package dev.referee.operator.audit;

/// Texts of bounded length.
final class Texts {
  private static final String MARK = "...";

  private Texts() {}

  /// At most so many characters, with a mark where something is missing. A pair of surrogates is
  /// never torn: the rest would be no text.
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length - MARK.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + MARK;
  }
}
