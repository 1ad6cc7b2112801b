package dev.referee.verify.evidence;

import dev.referee.verify.decision.Finding;
import java.util.List;

/// What one way of looking found.
///
/// @param candidates what is there, not opened yet
/// @param problems why something could not be seen
public record Listing(List<Candidate> candidates, List<Finding> problems) {
  public Listing {
    candidates = List.copyOf(candidates);
    problems = List.copyOf(problems);
  }

  static Listing of(List<Candidate> candidates) {
    return new Listing(candidates, List.of());
  }

  static Listing nothing() {
    return of(List.of());
  }

  static Listing problem(Finding problem) {
    return new Listing(List.of(), List.of(problem));
  }
}
