package dev.referee.verify.revocation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// What is known about a certificate.
sealed interface RevocationStatus {
  /// It was not taken back.
  ///
  /// @param until when that has to be looked up again; [Instant#MAX], never
  record Good(Instant until) implements RevocationStatus {
    public Good {
      requireNonNull(until, "until is null");
    }
  }

  /// It was taken back, in a way that counts.
  ///
  /// @param since when
  record Revoked(Instant since) implements RevocationStatus {
    public Revoked {
      requireNonNull(since, "since is null");
    }
  }
}
