package dev.referee.verify.trust;

import java.util.regex.Pattern;

/// Matches whole texts with a bound on the work: a policy's expression and a stranger's text
/// together must not stop a server.
final class BoundedMatch {
  private static final int MAX_READS = 200_000;

  private BoundedMatch() {}

  /// Whether the pattern matches all of the text. What takes too long does not match.
  static boolean matches(Pattern pattern, String text) {
    try {
      return pattern.matcher(new Counted(text, 0, text.length(), new int[1])).matches();
    } catch (TooLongException | StackOverflowError e) {
      return false;
    }
  }

  /// A text that counts how often it is read, together with the parts that are taken of it.
  @SuppressWarnings("ArrayRecordComponent") // One counter for a text and its parts.
  private record Counted(String text, int from, int to, int[] reads) implements CharSequence {
    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      if (++reads[0] > MAX_READS) {
        throw new TooLongException();
      }
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text, from + start, from + end, reads);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }

  private static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super(null, null, false, false);
    }
  }
}
