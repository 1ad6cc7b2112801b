package dev.referee.client;

/// How often a registry may be asked.
///
/// @param perSecond requests a second on average
/// @param burst requests at once after a pause
public record RequestRate(int perSecond, int burst) {
  public RequestRate {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "a rate of %d requests a second, %d at once, lets none through"
              .formatted(perSecond, burst));
    }
  }
}
