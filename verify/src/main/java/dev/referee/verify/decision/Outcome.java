package dev.referee.verify.decision;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What became of a requirement, with a sentence and the evidence behind it.
public sealed interface Outcome {
  /// A sentence for people.
  String message();

  /// What was looked at, in the order in which it was found.
  List<Finding> findings();

  /// It holds.
  record Met(String message, List<Finding> findings) implements Outcome {
    public Met {
      requireNonNull(message, "message is null");
      findings = List.copyOf(findings);
    }
  }

  /// It does not hold.
  record Unmet(Reason reason, String message, List<Finding> findings) implements Outcome {
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
  record Undecided(Reason reason, String message, List<Finding> findings) implements Outcome {
    public Undecided {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
      findings = List.copyOf(findings);
    }

    public Undecided(Reason reason, String message) {
      this(reason, message, List.of());
    }
  }
}
