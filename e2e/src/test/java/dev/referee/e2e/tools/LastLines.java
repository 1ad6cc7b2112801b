package dev.referee.e2e.tools;

import java.util.List;

/// The end of a text, for messages: the end is where a program says why it gave up.
public final class LastLines {
  private static final int MAX_LINES = 20;
  private static final int MAX_LINE = 400;

  private LastLines() {}

  /// The last 20 lines that are not blank, each cut to 400 characters and indented.
  public static String of(String text) {
    var lines = text.lines().filter(line -> !line.isBlank()).toList();
    var last = lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
    return last.isEmpty() ? "  (it wrote nothing)" : String.join("\n", indented(last));
  }

  private static List<String> indented(List<String> lines) {
    return lines.stream()
        .map(
            line -> "  " + (line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "..."))
        .toList();
  }
}
