package dev.referee.verify.revocation;

import dev.referee.oci.Deadline;

/// Where revocation is looked up for one decision.
@FunctionalInterface
public interface RevocationSources {
  /// Where nobody can be asked.
  RevocationSources NONE = deadline -> RevocationSource.NONE;

  /// A source that waits for nobody beyond the deadline.
  RevocationSource until(Deadline deadline);
}
