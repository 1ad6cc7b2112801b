package dev.referee.registry;

import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How many names a client wants of a list.
final class PageSize {
  /// The names of one answer, however many are asked for (CVE-2023-2253). More than most lists
  /// have, because some clients do not follow pages.
  private static final int MAX = 5000;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,40}");

  private PageSize() {}

  /// Reads the `n` of a query; absent, as many as one answer has.
  static int of(@Nullable String n) throws RegistryException {
    if (n == null) {
      return MAX;
    }
    if (!NUMBER.matcher(n).matches()) {
      throw new RegistryException(
          ErrorCode.PAGINATION_NUMBER_INVALID, "n is not a number of names");
    }
    // Nine digits fit an int.
    return n.length() > 9 ? MAX : Math.min(Integer.parseInt(n), MAX);
  }
}
