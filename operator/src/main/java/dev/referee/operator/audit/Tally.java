package dev.referee.operator.audit;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/// How many results there are of each kind.
///
/// @param counts by kind, each of them
public record Tally(Map<Result, Integer> counts) {
  static final Tally NONE = new Tally(Map.of());

  public Tally {
    var all = new EnumMap<Result, Integer>(Result.class);
    for (var result : Result.values()) {
      all.put(result, counts.getOrDefault(result, 0));
    }
    counts = Map.copyOf(all);
  }

  static Tally of(Collection<ReportResult> results) {
    var counts = new EnumMap<Result, Integer>(Result.class);
    results.forEach(result -> counts.merge(result.result(), 1, Integer::sum));
    return new Tally(counts);
  }

  public int of(Result result) {
    return counts.getOrDefault(result, 0);
  }

  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  Tally minus(Tally other) {
    var left = new EnumMap<Result, Integer>(Result.class);
    for (var result : Result.values()) {
      left.put(result, Math.max(0, of(result) - other.of(result)));
    }
    return new Tally(left);
  }

  /// `fail=2,pass=141`, without what is none; empty for nothing.
  @Override
  public String toString() {
    return Arrays.stream(Result.values())
        .filter(result -> of(result) > 0)
        .map(result -> "%s=%d".formatted(result, of(result)))
        .collect(joining(","));
  }
}
