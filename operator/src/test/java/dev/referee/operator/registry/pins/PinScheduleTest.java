package dev.referee.operator.registry.pins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.referee.oci.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PinScheduleTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final String HERE = "images.shop.svc.cluster.local:5000";

  private final PinSchedule schedule = new PinSchedule();

  @Test
  void asksAtOnceForWhatIsNewAndForMuchOfItABitAtATime() {
    var all = pins(500);
    schedule.keep(all, NOW);
    var first = schedule.due(HERE, NOW, 200);
    assertThat(first).hasSize(200).doesNotHaveDuplicates();
    first.forEach(pin -> schedule.done(pin, PinOutcome.RENEWED, NOW));

    var second = schedule.due(HERE, NOW, 200);
    assertThat(second).hasSize(200).doesNotContainAnyElementsOf(first);
    assertThat(schedule.due("elsewhere:5000", NOW, 200)).isEmpty();
  }

  /// A thousand leases that began together are no wave of a thousand, and each is renewed while
  /// most of it is left.
  @Test
  void spreadsRenewalsOut() {
    var all = pins(1000);
    schedule.keep(all, NOW);
    all.forEach(pin -> schedule.done(pin, PinOutcome.RENEWED, NOW));
    var perQuarter = new TreeMap<Long, Integer>();
    var seen = new HashSet<Pin>();
    for (long minutes = 0; minutes <= PinSchedule.LEASE.dividedBy(2).toMinutes(); minutes += 15) {
      var due = new HashSet<>(schedule.due(HERE, NOW.plus(Duration.ofMinutes(minutes)), 2000));
      due.removeAll(seen);
      seen.addAll(due);
      perQuarter.put(minutes, due.size());
    }
    assertThat(seen).hasSize(1000);
    assertThat(perQuarter.values()).allMatch(count -> count < 300);
    assertThat(perQuarter.headMap(Duration.ofHours(6).toMinutes()).values()).containsOnly(0);
  }

  @Test
  void forgetsWhatRunsNoMore() {
    var all = pins(3);
    schedule.keep(all, NOW);
    var one = Set.of(all.iterator().next());
    schedule.keep(one, NOW);

    assertThat(schedule.size()).isOne();
    assertThat(schedule.due(HERE, NOW, 10)).containsExactlyElementsOf(one);
    // An answer that comes late brings nothing back.
    all.forEach(pin -> schedule.done(pin, PinOutcome.RENEWED, NOW));
    assertThat(schedule.size()).isOne();
  }

  @Test
  void comesBackSoonerToWhatFailedThanToWhatIsNotThere() {
    var pin = pins(1).iterator().next();
    schedule.keep(Set.of(pin), NOW);

    schedule.done(pin, PinOutcome.FAILED, NOW);
    assertThat(schedule.due(HERE, NOW.plusSeconds(60), 1)).isEmpty();
    assertThat(schedule.due(HERE, NOW.plus(Duration.ofMinutes(3)), 1)).containsExactly(pin);
    schedule.done(pin, PinOutcome.ABSENT, NOW);
    assertThat(schedule.due(HERE, NOW.plus(Duration.ofMinutes(3)), 1)).isEmpty();
    assertThat(schedule.due(HERE, NOW.plus(Duration.ofHours(2)), 1)).containsExactly(pin);
  }

  @Test
  void isBounded() {
    assertThat(schedule.keep(pins(PinSchedule.MAX_PINS + 5), NOW)).isEqualTo(5);
    assertThat(schedule.size()).isEqualTo(PinSchedule.MAX_PINS);
  }

  private static Set<Pin> pins(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Pin(HERE, "apps/cart", Digest.of(("image " + i).getBytes(UTF_8))))
        .collect(Collectors.toSet());
  }
}
