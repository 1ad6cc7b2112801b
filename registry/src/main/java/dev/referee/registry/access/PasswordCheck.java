package dev.referee.registry.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.referee.registry.content.ErrorCode;
import dev.referee.registry.content.RegistryException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks passwords so that guessing costs the guesser and not the registry: few checks run at a
/// time, equal ones at once are one, what was found is remembered for a while under a keyed hash
/// that is worth nothing outside of this process, and whoever guesses wrong too often has to wait.
final class PasswordCheck {
  /// How long a changed file could have no effect, if it did not make a new one of these.
  static final Duration RIGHT_FOR = Duration.ofMinutes(10);

  /// A pull secret that is out of date is tried again and again.
  static final Duration WRONG_FOR = Duration.ofSeconds(30);

  /// Wrong passwords for one user from one address within [#WINDOW].
  static final int MAX_WRONG = 10;

  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_CHECKS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);
  private static final int KEY_BYTES = 32;

  private record Guesser(String user, InetAddress address) {}

  private final Htpasswd users;
  private final SecretKeySpec key;
  private final Semaphore checks = new Semaphore(MAX_CHECKS, true);
  private final AsyncCache<String, Boolean> verdicts;
  private final Cache<Guesser, AtomicInteger> wrong;

  PasswordCheck(Htpasswd users, InstantSource clock) {
    this.users = users;
    var secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, "HmacSHA256");
    this.verdicts =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .expireAfter(
                Expiry.<String, Boolean>writing((_, right) -> right ? RIGHT_FOR : WRONG_FOR))
            .buildAsync();
    this.wrong =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .expireAfterWrite(WINDOW)
            .build();
  }

  /// Whether the user has this password.
  ///
  /// @throws RegistryException with `TOOMANYREQUESTS` when that is not looked at for now
  boolean isRight(String user, String password, InetAddress address) throws RegistryException {
    var credential = keyedHash(user, password);
    var known = verdicts.getIfPresent(credential);
    if (known == null) {
      var guesses = wrong.getIfPresent(new Guesser(user, address));
      if (guesses != null && guesses.get() >= MAX_WRONG) {
        throw tooMany("too many wrong passwords; wait a minute");
      }
      // Run beside this thread: whoever asks for the same waits for the same.
      known =
          verdicts.get(
              credential,
              (_, _) ->
                  CompletableFuture.supplyAsync(
                      () -> check(user, password), task -> Thread.ofVirtual().start(task)));
    }
    try {
      boolean right = known.join();
      if (!right) {
        wrong.get(new Guesser(user, address), _ -> new AtomicInteger()).incrementAndGet();
      }
      return right;
    } catch (CompletionException e) {
      throw tooMany("too many passwords are being checked; try again");
    }
  }

  private boolean check(String user, String password) {
    try {
      if (!checks.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("no turn");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    try {
      return users.isRight(user, password);
    } finally {
      checks.release();
    }
  }

  private String keyedHash(String user, String password) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      // The length keeps a:bc and ab:c apart.
      mac.update((user.length() + ":" + user).getBytes(UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has HmacSHA256", e);
    }
  }

  private static RegistryException tooMany(String message) {
    return new RegistryException(ErrorCode.TOOMANYREQUESTS, message);
  }
}
