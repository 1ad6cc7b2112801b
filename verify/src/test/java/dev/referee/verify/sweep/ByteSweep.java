package dev.referee.verify.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.verify.signature.UnprovenException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// Single bytes of something that verifies become any other. Each change is refused, or proves
/// exactly the same and stands in a place that is listed.
///
/// All changes of a file are 255 for each byte. `-Dreferee.mutations=20000` tries so many of every
/// file, all of a shorter one, spread over every byte of it; a build tries fewer. Another
/// `-Dreferee.seed` tries other ones.
public final class ByteSweep {
  private static final int CHANGES = Integer.getInteger("referee.mutations", 300);
  private static final long SEED = Long.getLong("referee.seed", 20261127);

  /// From so many changes on, what was found is printed.
  private static final int SURVEY = 20_000;

  /// Has no divisor in common with 255, so that every change of a byte has its turn.
  private static final int STRIDE = 97;

  /// What verifies.
  public interface Verification {
    Verdict of(byte[] content) throws UnprovenException;
  }

  private final byte[] original;
  private final Places places;
  private final Set<String> unsigned;
  private final Verification verification;
  private final Verdict proven;
  private final int[] starts;
  private final int step;
  private final LongAdder refused = new LongAdder();
  private final Map<String, LongAdder> harmless = new ConcurrentHashMap<>();
  private final Map<String, String> surprises = new ConcurrentHashMap<>();

  private ByteSweep(byte[] original, Places places, Set<String> unsigned, Verification verification)
      throws UnprovenException {
    this.original = original.clone();
    this.places = places;
    this.unsigned = Set.copyOf(unsigned);
    this.verification = verification;
    this.proven = verification.of(original);
    this.starts = new Random(SEED).ints(original.length, 0, 255).toArray();
    this.step = coprime(original.length);
  }

  /// A step that comes by every byte before it comes by one again, and by all parts of the file
  /// soon.
  private static int coprime(int length) {
    int step = Math.max(1, (int) (length * 0.618));
    while (BigInteger.valueOf(step).gcd(BigInteger.valueOf(length)).intValue() != 1) {
      step++;
    }
    return step;
  }

  /// Sweeps over a file.
  ///
  /// @param unsigned where a byte may change without a refusal, and without changing anything that
  ///   is proven
  /// @throws UnprovenException where the file does not verify to begin with
  public static void run(
      String name, byte[] original, Places places, Set<String> unsigned, Verification verification)
      throws UnprovenException {
    new ByteSweep(original, places, unsigned, verification).run(name);
  }

  private void run(String name) {
    long start = System.nanoTime();
    int changes = (int) Math.min(CHANGES, original.length * 255L);

    IntStream.range(0, changes).parallel().forEach(this::change);

    if (CHANGES >= SURVEY) {
      System.out.printf(
          "sweep %s: %d bytes, %d changes, %d refused, %.1f s, seed %d; harmless: %s%n",
          name,
          original.length,
          changes,
          refused.sum(),
          (System.nanoTime() - start) / 1e9,
          SEED,
          new TreeMap<>(harmless));
    }
    assertThat(new TreeMap<>(surprises)).as("%s, seed %d", name, SEED).isEmpty();
    assertThat(refused.sum()).as(name).isGreaterThan(changes / 3);
  }

  private void change(int number) {
    int at = (int) ((long) number % original.length * step % original.length);
    int by = 1 + (starts[at] + number / original.length * STRIDE) % 255;
    var changed = original.clone();
    changed[at] = (byte) (changed[at] + by);
    try {
      var verdict = verification.of(changed);

      var place = places.of(at);
      var effect = effect(verdict, place);
      if (effect.isEmpty()) {
        harmless.computeIfAbsent(place, _ -> new LongAdder()).increment();
      } else {
        surprises.put(
            place + ", " + effect,
            "byte %d, %d became %d".formatted(at, original[at], changed[at]));
      }
    } catch (UnprovenException e) {
      assertThat(e.reason().isTransport()).isFalse();
      refused.increment();
    }
  }

  private String effect(Verdict verdict, String place) {
    if (verdict.equals(proven)) {
      return unsigned.contains(place) ? "" : "without effect";
    }
    return "proves something else";
  }
}
