package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of a requirement, with a sentence and the evidence behind it.
public sealed interface Outcome {
  /// A sentence for people.
  String message();

  /// What was looked at, in the order in which it was found.
  List<Finding> findings();

  /// What a look at the evidence ends with.
  sealed interface Checked extends Outcome {}

  /// It holds.
  ///
  /// @param until when it ceases to, whatever happens: a signer's end, say. [Instant#MAX], never
  record Met(String message, List<Finding> findings, Instant until) implements Checked {
    public Met {
      requireNonNull(message, "message is null");
      requireNonNull(until, "until is null");
      findings = List.copyOf(findings);
    }

    public Met(String message, List<Finding> findings) {
      this(message, findings, Instant.MAX);
    }
  }

  /// It does not hold.
  record Unmet(Reason reason, String message, List<Finding> findings) implements Checked {
    public Unmet {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
      findings = List.copyOf(findings);
    }

    public Unmet(Reason reason, String message) {
      this(reason, message, List.of());
    }
  }

  /// It could not be found out: the way to the evidence is broken. Nothing that somebody pushed
  /// leads here.
  record Undecided(Reason reason, String message, List<Finding> findings) implements Checked {
    public Undecided {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
      findings = List.copyOf(findings);
    }

    public Undecided(Reason reason, String message) {
      this(reason, message, List.of());
    }
  }

  /// It need not hold, by somebody's word and for a time. Nothing was looked at.
  record Excepted(Grant grant) implements Outcome {
    public Excepted {
      requireNonNull(grant, "grant is null");
    }

    @Override
    public String message() {
      return grant.toString();
    }

    @Override
    public List<Finding> findings() {
      return List.of();
    }
  }

  /// Whether the requirement stands in nobody's way.
  default boolean isSatisfied() {
    return failure().isEmpty();
  }

  /// Why it stands in the way; empty when it does not.
  default Optional<Reason> failure() {
    return switch (this) {
      case Met met -> Optional.empty();
      case Excepted excepted -> Optional.empty();
      case Unmet unmet -> Optional.of(unmet.reason());
      case Undecided undecided -> Optional.of(undecided.reason());
    };
  }
}
