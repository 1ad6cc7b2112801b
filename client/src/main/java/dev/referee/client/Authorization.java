package dev.referee.client;

import static java.util.Objects.requireNonNull;

import dev.referee.client.TokenService.Token;
import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Knows what to put into the `Authorization` header: what worked last, or what a challenge asks
/// for. Tokens are kept per origin, scope and credentials, so that one tenant's never serve
/// another's request (oras-java#826), and equal ones are fetched once.
final class Authorization {
  /// A token is not used in its last seconds: it has to last until the registry has read it.
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /// More would be a leak: a cluster has some hundred repositories and a few credentials.
  private static final int MAX_ENTRIES = 10_000;

  private final TokenService tokens;
  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  Authorization(TokenService tokens) {
    this.tokens = requireNonNull(tokens, "tokens is null");
  }

  private record Key(Origin origin, Scope scope, Credentials credentials) {}

  /// What worked for a key, and who is fetching anew.
  private static final class Entry {
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Grant grant;
  }

  private record Grant(String header, long expiresAtNanos) {
    boolean isUsable() {
      return expiresAtNanos - System.nanoTime() > MARGIN.toNanos();
    }
  }

  /// The header that worked last and still should.
  Optional<String> current(Origin origin, Scope scope, Credentials credentials) {
    var entry = entries.get(new Key(origin, scope, credentials));
    var grant = entry == null ? null : entry.grant;
    return Optional.ofNullable(grant).filter(Grant::isUsable).map(Grant::header);
  }

  /// The header that answers a challenge.
  ///
  /// @param rejected the header that was refused, so that it is not offered again
  /// @return empty when there is nothing to offer
  Optional<String> answer(
      Origin origin,
      List<Challenge> challenges,
      Scope scope,
      Credentials credentials,
      Optional<String> rejected,
      Deadline deadline)
      throws SourceException {
    if (entries.size() > MAX_ENTRIES) {
      entries.clear();
    }
    var entry = entries.computeIfAbsent(new Key(origin, scope, credentials), key -> new Entry());
    try (var _ = TimedLock.acquire(entry.fetching, "fetching a token", deadline)) {
      var grant = entry.grant;
      if (grant != null && grant.isUsable() && !Optional.of(grant.header()).equals(rejected)) {
        // Another thread was given the same challenge and has answered it meanwhile.
        return Optional.of(grant.header());
      }
      var fresh = grant(origin, challenges, scope, credentials, deadline);
      entry.grant = fresh.filter(g -> !Optional.of(g.header()).equals(rejected)).orElse(null);
      return Optional.ofNullable(entry.grant).map(Grant::header);
    }
  }

  private Optional<Grant> grant(
      Origin origin,
      List<Challenge> challenges,
      Scope scope,
      Credentials credentials,
      Deadline deadline)
      throws SourceException {
    for (var challenge : challenges) {
      if (challenge.scheme().equals("bearer")) {
        long asked = System.nanoTime();
        Token token = tokens.fetch(origin, challenge, scope, credentials, deadline);
        // Even a token that lasts no time serves the request it was fetched for.
        var lifetime = token.lifetime().plus(MARGIN);
        return Optional.of(new Grant("Bearer " + token.value(), asked + lifetime.toNanos()));
      }
      if (challenge.scheme().equals("basic") && credentials instanceof Credentials.Basic basic) {
        return Optional.of(
            new Grant(basic.header(), System.nanoTime() + TimeUnit.HOURS.toNanos(1)));
      }
    }
    return Optional.empty();
  }
}
