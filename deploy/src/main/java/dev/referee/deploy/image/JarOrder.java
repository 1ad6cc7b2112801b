package dev.referee.deploy.image;

import java.util.Comparator;
import java.util.List;

/// The order of the jars in the class path. Java asks one after the other for each class: those
/// that every server reads at its start come first, so that nobody leafs through a hundred others.
final class JarOrder {
  private static final List<String> FIRST =
      List.of(
          "referee-",
          "vertx-",
          "netty-",
          "picocli-",
          "slf4j-",
          "logback-",
          "caffeine-",
          "jackson-",
          "micrometer-",
          "prometheus-");

  private JarOrder() {}

  /// Puts names of jars in order, by nothing but these names.
  static List<String> of(List<String> names) {
    return names.stream()
        .sorted(Comparator.comparingInt(JarOrder::rank).thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static int rank(String name) {
    for (int rank = 0; rank < FIRST.size(); rank++) {
      if (name.startsWith(FIRST.get(rank))) {
        return rank;
      }
    }
    return FIRST.size();
  }
}
