package dev.referee.e2e.tools;

/// What whoever waits for `mvn verify` has to know: one line each, on standard output, which Maven
/// shows whatever the log levels are.
@FunctionalInterface
public interface Console {
  void say(String line);

  /// Standard output, every line marked as ours.
  static Console standard() {
    return line -> {
      System.out.println("e2e: " + line);
      System.out.flush();
    };
  }
}
