package dev.referee.verify.sweep;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/// What something proves. Two are equal when nothing that a policy could look at differs.
///
/// @param content what was signed: every byte of it, and what was read out of it
/// @param identity who signed: the claims, and the certificate
/// @param times when that was, each by the word of somebody who is trusted
/// @param until when it ceases to be proven
public record Verdict(Object content, Object identity, List<Instant> times, Instant until) {
  public Verdict {
    requireNonNull(content, "content is null");
    requireNonNull(identity, "identity is null");
    requireNonNull(until, "until is null");
    times = List.copyOf(times);
  }
}
