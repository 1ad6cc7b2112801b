package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.oci.Deadline;
import dev.referee.verify.ProofKey;
import dev.referee.verify.ProofMemory;
import dev.referee.verify.decision.Outcome;
import dev.referee.verify.decision.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was proven, for a bounded time and a bounded number of artifacts.
///
/// A proof is believed while it is fresh and refreshed before it ceases to be. When the registry
/// cannot be asked it is believed for longer; when the registry answers that the evidence is gone,
/// it is forgotten at once. A refusal is never kept.
public final class RememberedProofs implements ProofMemory {
  /// Some kilobytes each, with the findings that messages and reports show.
  private static final int MAX_PROOFS = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(RememberedProofs.class);

  private final ProofTimes times;
  private final LongSupplier nanoTime;
  private final Executor background;
  private final Cache<ProofKey, Proof> proofs;
  private final Map<ProofKey, CompletableFuture<Outcome.Checked>> underWay =
      new ConcurrentHashMap<>();
  private final Counter hits;
  private final Counter staleHits;
  private final Counter misses;

  /// @param nanoTime the monotonic clock: a proof's age does not follow the wall clock's jumps
  /// @param background runs refreshes
  /// @param meters counts `referee.cache.gets`
  public RememberedProofs(
      ProofTimes times, LongSupplier nanoTime, Executor background, MeterRegistry meters) {
    this.times = requireNonNull(times, "times is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.background = requireNonNull(background, "background is null");
    this.proofs = Caffeine.newBuilder().maximumSize(MAX_PROOFS).executor(Runnable::run).build();
    this.hits = counter(meters, "hit");
    this.staleHits = counter(meters, "stale");
    this.misses = counter(meters, "miss");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("referee.cache.gets")
        .description("Questions whether something is proven, by what was remembered")
        .tag("cache", "proofs")
        .tag("result", result)
        .register(meters);
  }

  /// One proof. The times are those of the monotonic clock.
  ///
  /// @param provenAt when the registry last answered so
  /// @param tried when a refresh last failed to reach it; null after an answer
  private record Proof(
      Outcome.Met met,
      long provenAt,
      @Nullable Long tried,
      ProofMemory.Search again,
      AtomicBoolean refreshing) {
    Proof unreachable(long now) {
      return new Proof(met, provenAt, now, again, new AtomicBoolean());
    }
  }

  @Override
  public Optional<Outcome.Met> known(ProofKey key) {
    var proof = proofs.getIfPresent(key);
    if (proof == null) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    var age = Duration.ofNanos(now - proof.provenAt());
    boolean fresh = age.compareTo(times.fresh()) < 0;
    if (!fresh && !isBelievedForWantOfAnAnswer(proof, age)) {
      return Optional.empty();
    }
    if (isDue(proof, age, now)) {
      refresh(key, proof);
    }
    (fresh ? hits : staleHits).increment();
    return Optional.of(proof.met());
  }

  /// Whether the last attempt to refresh it found the registry away, so that the next caller need
  /// not wait to find out the same.
  private boolean isBelievedForWantOfAnAnswer(Proof proof, Duration age) {
    return proof.tried() != null && age.compareTo(times.stale()) < 0;
  }

  private boolean isDue(Proof proof, Duration age, long now) {
    return proof.tried() == null
        ? age.compareTo(times.ahead()) >= 0
        : Duration.ofNanos(now - proof.tried()).compareTo(times.retry()) >= 0;
  }

  /// Once at a time for each proof.
  private void refresh(ProofKey key, Proof proof) {
    if (proof.refreshing().compareAndSet(false, true)) {
      background.execute(
          () -> {
            try {
              learn(key, proof.again().search(key, Deadline.in(times.budget())), proof.again());
            } catch (RuntimeException e) {
              // The proof ceases to be fresh, and whoever asks then hears of it.
              LOG.error("refreshing a proof failed over an error of ours", e);
            } finally {
              proof.refreshing().set(false);
            }
          });
    }
  }

  @Override
  public Outcome.Checked prove(
      ProofKey key, Deadline deadline, Supplier<Outcome.Checked> now, ProofMemory.Search again) {
    misses.increment();
    var own = new CompletableFuture<Outcome.Checked>();
    var other = underWay.putIfAbsent(key, own);
    if (other == null) {
      return lead(key, own, now, again);
    }
    var shared = join(other, deadline);
    // What somebody else's time was too short for, ours may suffice for.
    return shared.isPresent() && !(shared.get() instanceof Outcome.Undecided)
        ? shared.get()
        : learn(key, now.get(), again);
  }

  private Outcome.Checked lead(
      ProofKey key,
      CompletableFuture<Outcome.Checked> own,
      Supplier<Outcome.Checked> now,
      ProofMemory.Search again) {
    try {
      var result = learn(key, now.get(), again);
      own.complete(result);
      return result;
    } finally {
      underWay.remove(key, own);
      // Whoever waits must not wait for a search that broke off.
      own.cancel(false);
    }
  }

  /// Empty when the search broke off, or takes longer than there is time.
  private static Optional<Outcome.Checked> join(
      CompletableFuture<Outcome.Checked> other, Deadline deadline) {
    try {
      return Optional.of(other.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(
          new Outcome.Undecided(Reason.REGISTRY_TIMEOUT, "waiting for a search was given up"));
    }
  }

  /// Takes an answer in.
  ///
  /// @return what it means together with what is remembered
  private Outcome.Checked learn(ProofKey key, Outcome.Checked result, ProofMemory.Search again) {
    return switch (result) {
      case Outcome.Met met -> {
        proofs.put(key, new Proof(met, nanoTime.getAsLong(), null, again, new AtomicBoolean()));
        yield met;
      }
      case Outcome.Unmet unmet -> {
        proofs.invalidate(key);
        yield unmet;
      }
      case Outcome.Undecided undecided -> believeLonger(key, undecided);
    };
  }

  private Outcome.Checked believeLonger(ProofKey key, Outcome.Undecided undecided) {
    long now = nanoTime.getAsLong();
    var proof = proofs.asMap().computeIfPresent(key, (_, known) -> known.unreachable(now));
    if (proof == null) {
      return undecided;
    }
    if (Duration.ofNanos(now - proof.provenAt()).compareTo(times.stale()) >= 0) {
      proofs.invalidate(key);
      return undecided;
    }
    staleHits.increment();
    return proof.met();
  }
}
