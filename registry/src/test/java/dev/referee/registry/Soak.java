package dev.referee.registry;

/// How long the tests run that only time can fail: short in every build, as long as somebody wants
/// with `-Dreferee.soak=100`.
public final class Soak {
  private Soak() {}

  /// So many rounds, or a multiple.
  public static int rounds(int inEveryBuild) {
    return inEveryBuild * Math.max(1, Integer.getInteger("referee.soak", 1));
  }
}
