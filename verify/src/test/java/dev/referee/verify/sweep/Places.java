package dev.referee.verify.sweep;

/// What each byte of a file is, in words: `value of /verificationMaterial/tlogEntries[]/logIndex`.
@FunctionalInterface
public interface Places {
  String of(int at);

  /// Places of a file that has one range of bytes that is told from the rest.
  static Places range(int from, int to, String inside, String outside) {
    return at -> at >= from && at < to ? inside : outside;
  }
}
