package dev.referee.api.v1alpha1;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks shared by the records of this package. The CRD schemas say the same; these hold where no
/// API server looked, in files and in tests.
final class Specs {
  private Specs() {}

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  static <T> T required(@Nullable T value, String name) {
    if (value == null || value.equals("")) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  static <T> List<T> list(@Nullable List<T> values) {
    if (values == null) {
      return List.of();
    }
    check(values.stream().noneMatch(Objects::isNull), "a list has an empty element");
    return List.copyOf(values);
  }

  /// A list that must say something, each thing once.
  static <T> List<T> nonEmpty(@Nullable List<T> values, String name) {
    var list = list(values);
    check(!list.isEmpty(), name + " is empty");
    checkUnique(list.stream(), name + " names %s twice");
    return list;
  }

  static void checkUnique(Stream<?> values, String twice) {
    var seen = new HashSet<Object>();
    values.forEach(value -> check(seen.add(value), twice.formatted(value)));
  }

  /// A time that ends does so after it has begun.
  static void checkOrder(@Nullable Instant from, @Nullable Instant until) {
    check(
        from == null || until == null || from.isBefore(until),
        "validFrom %s is not before validUntil %s".formatted(from, until));
  }

  static void checkPattern(@Nullable String pattern) {
    if (pattern == null) {
      return;
    }
    check(!pattern.isEmpty(), "a pattern is empty");
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no regular expression: %s".formatted(pattern, e.getDescription()), e);
    }
  }
}
