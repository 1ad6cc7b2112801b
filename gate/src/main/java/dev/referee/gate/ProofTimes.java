package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How long what was proven is believed.
///
/// @param fresh without asking anybody
/// @param ahead after which it is refreshed in the background when somebody asks
/// @param stale while the registry cannot be asked; what cannot be asked about for longer is not
///   believed any more
/// @param retry between two attempts to refresh while the registry cannot be asked
/// @param budget for one search in the background
public record ProofTimes(
    Duration fresh, Duration ahead, Duration stale, Duration retry, Duration budget) {
  /// Evidence that was withdrawn counts for five minutes, or for an hour while its registry is away
  /// and every pod that has to be moved would otherwise stay down.
  public static final ProofTimes DEFAULT =
      new ProofTimes(
          Duration.ofMinutes(5),
          Duration.ofMinutes(4),
          Duration.ofHours(1),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10));

  public ProofTimes {
    requireNonNull(retry, "retry is null");
    requireNonNull(budget, "budget is null");
    if (ahead.compareTo(fresh) > 0 || fresh.compareTo(stale) > 0) {
      throw new IllegalArgumentException(
          "ahead %s, fresh %s and stale %s are not in this order".formatted(ahead, fresh, stale));
    }
  }
}
