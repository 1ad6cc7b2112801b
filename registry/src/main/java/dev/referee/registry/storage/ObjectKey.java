package dev.referee.registry.storage;

/// The grammar of keys. Everything that becomes a key was parsed before; this is the last line
/// behind which nothing reaches a file system that could mean more than a name.
final class ObjectKey {
  /// A component of most file systems.
  private static final int MAX_SEGMENT = 255;

  private ObjectKey() {}

  /// Returns the key.
  ///
  /// @throws IllegalArgumentException for what is not a key
  static String check(String key) {
    int begin = 0;
    for (int i = 0; i <= key.length(); i++) {
      if (i == key.length() || key.charAt(i) == '/') {
        checkSegment(key, begin, i);
        begin = i + 1;
      }
    }
    return key;
  }

  /// Returns the prefix without its slash.
  static String checkPrefix(String prefix) {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("\"%s\" does not end in a slash".formatted(prefix));
    }
    return check(prefix.substring(0, prefix.length() - 1));
  }

  private static void checkSegment(String key, int begin, int end) {
    int length = end - begin;
    boolean legal =
        length > 0
            && length <= MAX_SEGMENT
            && !(key.charAt(begin) == '.'
                && (length == 1 || (length == 2 && key.charAt(begin + 1) == '.')));
    for (int i = begin; legal && i < end; i++) {
      legal = isLegal(key.charAt(i));
    }
    if (!legal) {
      throw new IllegalArgumentException("\"%s\" is not a key".formatted(key));
    }
  }

  private static boolean isLegal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '_'
        || c == '~'
        || c == '-';
  }
}
