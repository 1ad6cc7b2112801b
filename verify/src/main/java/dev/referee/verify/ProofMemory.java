package dev.referee.verify;

import dev.referee.oci.Deadline;
import dev.referee.verify.decision.Outcome;
import java.util.Optional;
import java.util.function.Supplier;

/// Remembers what was proven about artifacts, so that evidence is not searched for anew at every
/// admission. It remembers proofs, never verdicts: policies, exceptions, namespaces and the clock
/// count at each decision. A refusal is never remembered, since it may be outdated by the next
/// push.
public interface ProofMemory {
  /// Remembers nothing.
  ProofMemory NONE =
      new ProofMemory() {
        @Override
        public Optional<Outcome.Met> known(ProofKey key) {
          return Optional.empty();
        }

        @Override
        public Outcome.Checked prove(
            ProofKey key, Deadline deadline, Supplier<Outcome.Checked> now, Search again) {
          return now.get();
        }
      };

  /// What is known to be proven, at once; empty when it must be searched for.
  Optional<Outcome.Met> known(ProofKey key);

  /// Searches for a proof and remembers it. Whoever asks the same at the same time shares the
  /// search.
  ///
  /// @param deadline until when the caller waits
  /// @param now searches for this caller
  /// @param again searches whenever what is remembered has to be refreshed, without any caller
  Outcome.Checked prove(
      ProofKey key, Deadline deadline, Supplier<Outcome.Checked> now, Search again);

  /// Searches for the evidence that a requirement asks for.
  @FunctionalInterface
  interface Search {
    Outcome.Checked search(ProofKey key, Deadline deadline);
  }
}
