package dev.referee.registry.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.referee.registry.content.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// When upstreams were looked at, and how that ended. What is forgotten is looked at again.
final class Looks {
  /// Each is a name and a time.
  private static final int MAX = 100_000;

  /// A look that counts for a while.
  ///
  /// @param until for how long
  /// @param failure how it failed; null when it was answered
  record Look(Instant until, @Nullable RegistryException failure) {}

  private final InstantSource clock;
  private final Cache<String, Look> looks = Caffeine.newBuilder().maximumSize(MAX).build();

  Looks(InstantSource clock) {
    this.clock = clock;
  }

  /// The last look, while it counts.
  @Nullable Look last(String what) {
    var look = looks.getIfPresent(what);
    return look == null || clock.instant().isAfter(look.until()) ? null : look;
  }

  void answered(String what, Duration counts) {
    looks.put(what, new Look(clock.instant().plus(counts), null));
  }

  void failed(String what, Duration counts, RegistryException failure) {
    looks.put(what, new Look(clock.instant().plus(counts), failure));
  }
}
