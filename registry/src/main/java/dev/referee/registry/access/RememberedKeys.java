package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys that are fetched when they are needed, and again when they are old or a key is not among
/// them: an issuer signs with a new key before anybody was told of it.
final class RememberedKeys implements SigningKeys {
  private static final Logger LOG = LoggerFactory.getLogger(RememberedKeys.class);

  /// A key that was withdrawn is accepted for so long.
  static final Duration FRESH = Duration.ofMinutes(5);

  /// And for so long when the issuer cannot be asked.
  static final Duration USABLE = Duration.ofHours(1);

  /// Tokens with invented key ids make nobody ask more often.
  static final Duration PAUSE = Duration.ofSeconds(10);

  /// How long a request waits for an issuer that is slow. Keys that are known are used then.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// Fetches a set of keys.
  @FunctionalInterface
  interface Source {
    byte[] fetch() throws IOException;
  }

  private record Known(JsonWebKeys keys, Instant fetched) {
    boolean has(String id) {
      return keys.find(id).isPresent();
    }
  }

  private final Source source;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Known known;
  private @Nullable Instant tried;
  private @Nullable CompletableFuture<Void> running;

  RememberedKeys(Source source, InstantSource clock) {
    this.source = requireNonNull(source, "source is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Optional<JsonWebKeys.Key> find(String id) throws IOException {
    var now = clock.instant();
    var have = known;
    if (have != null && !have.fetched().plus(FRESH).isBefore(now)) {
      var key = have.keys().find(id);
      if (key.isPresent()) {
        return key;
      }
    }
    boolean fetched = refresh(now, have != null && isUsable(have, now) && have.has(id));
    have = known;
    if (have == null || !isUsable(have, now)) {
      throw new IOException("the keys of the issuer of tokens cannot be had");
    }
    var key = have.keys().find(id);
    if (key.isEmpty() && !fetched) {
      throw new IOException("the keys of the issuer of tokens are being fetched");
    }
    return key;
  }

  private static boolean isUsable(Known have, Instant now) {
    return !have.fetched().plus(USABLE).isBefore(now);
  }

  /// Fetches the keys unless that was tried a moment ago, or is being tried.
  ///
  /// @param known whether what is asked for is known, so that the answer is waited for only by the
  ///   one that began to fetch
  /// @return whether nothing is being fetched any more
  private boolean refresh(Instant now, boolean known) throws IOException {
    CompletableFuture<Void> fetch;
    lock.lock();
    try {
      fetch = running;
      if (fetch != null && !fetch.isDone()) {
        if (known) {
          return false;
        }
      } else if (tried != null && tried.plus(PAUSE).isAfter(now)) {
        return true;
      } else {
        tried = now;
        fetch =
            CompletableFuture.runAsync(
                () -> fetch(now), task -> Thread.ofVirtual().name("issuer-keys").start(task));
        running = fetch;
      }
    } finally {
      lock.unlock();
    }
    try {
      fetch.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException("the keys of the issuer of tokens cannot be had", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void fetch(Instant now) {
    try {
      known = new Known(JsonWebKeys.parse(source.fetch()), now);
    } catch (IOException | MalformedContentException e) {
      LOG.warn("the keys of the issuer of tokens cannot be had: {}", e.toString());
    }
  }
}
