package dev.referee.registry.access;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.MalformedContentException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
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

  /// Fetches a set of keys.
  @FunctionalInterface
  interface Source {
    byte[] fetch() throws IOException;
  }

  private record Known(JsonWebKeys keys, Instant fetched) {}

  private final Source source;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Known known;
  private @Nullable Instant tried;

  RememberedKeys(Source source, InstantSource clock) {
    this.source = requireNonNull(source, "source is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Optional<JsonWebKeys.Key> find(String id) throws IOException {
    var now = clock.instant();
    var have = known;
    var key = have == null ? Optional.<JsonWebKeys.Key>empty() : have.keys().find(id);
    if (have == null || key.isEmpty() || have.fetched().plus(FRESH).isBefore(now)) {
      refresh(now);
      have = known;
      if (have == null || have.fetched().plus(USABLE).isBefore(now)) {
        throw new IOException("the keys of the issuer of tokens cannot be had");
      }
      key = have.keys().find(id);
    }
    return key;
  }

  private void refresh(Instant now) {
    lock.lock();
    try {
      if (tried != null && tried.plus(PAUSE).isAfter(now)) {
        return;
      }
      tried = now;
      known = new Known(JsonWebKeys.parse(source.fetch()), now);
    } catch (IOException | MalformedContentException e) {
      LOG.warn("the keys of the issuer of tokens cannot be had: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }
}
