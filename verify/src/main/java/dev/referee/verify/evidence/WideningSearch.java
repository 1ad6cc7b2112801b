package dev.referee.verify.evidence;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Deadline;
import dev.referee.oci.Digest;
import dev.referee.verify.decision.Finding;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// The order of every search: one way of finding evidence after the other, in each the likely
/// candidates before the unlikely ones, all of one rank at once, and no further than needed.
final class WideningSearch {
  private final EvidenceReader reader;
  private final Deadline deadline;
  private final ToIntFunction<Candidate> rank;

  WideningSearch(EvidenceReader reader, Deadline deadline, ToIntFunction<Candidate> rank) {
    this.reader = requireNonNull(reader, "reader is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.rank = requireNonNull(rank, "rank is null");
  }

  /// What came of one candidate.
  interface Examined {
    List<Finding> findings();
  }

  /// Searches until it is enough, or until there is nothing left to look at.
  ///
  /// @param account where the search tells what it did
  /// @param examine looks at one candidate; several run at the same time
  /// @param isEnough takes a result in and says whether to stop; called by one thread
  <E extends Examined> void run(
      Digest subject,
      List<Via> ways,
      Account account,
      Function<Candidate, E> examine,
      Predicate<E> isEnough) {
    var seen = new HashSet<Digest>();
    for (var via : ways) {
      var listing = reader.list(subject, via, deadline);
      account.add(listing.problems());
      var fresh = fresh(listing, seen);
      account.lookedAt(via.describe(subject), fresh.size());
      var byRank =
          fresh.stream()
              .collect(Collectors.groupingBy(rank::applyAsInt, TreeMap::new, Collectors.toList()));
      for (var candidates : byRank.values()) {
        if (examineAll(candidates, account, examine, isEnough)) {
          return;
        }
      }
    }
  }

  /// What the API lists, the fallback tag mostly lists too.
  private static List<Candidate> fresh(Listing listing, Set<Digest> seen) {
    return listing.candidates().stream().filter(c -> seen.add(c.digest())).toList();
  }

  private <E extends Examined> boolean examineAll(
      List<Candidate> candidates,
      Account account,
      Function<Candidate, E> examine,
      Predicate<E> isEnough) {
    try (var race = Race.start(candidates, deadline, examine)) {
      for (var next = race.next(); next.isPresent(); next = race.next()) {
        account.add(next.get().findings());
        if (isEnough.test(next.get())) {
          return true;
        }
      }
      if (race.isUnfinished()) {
        var late = reader.late("not everything was looked at in time");
        account.add(
            Finding.unread(null, "referrers", "the registry", late.reason(), late.sentence()));
      }
      return false;
    }
  }
}
