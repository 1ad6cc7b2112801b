package dev.referee.operator.registry.pins;

import static java.util.Objects.requireNonNull;

import dev.referee.oci.Digest;
import dev.referee.oci.MalformedContentException;
import dev.referee.operator.audit.PodImage;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One look at what runs: renews the leases that are due, a bounded number in each registry. A
/// registry that does not answer keeps no other waiting.
final class PinRound {
  private static final Logger LOG = LoggerFactory.getLogger(PinRound.class);

  /// Of one registry: some seconds' worth.
  static final int MAX_REQUESTS = 200;

  private final Supplier<Optional<Set<PodImage>>> running;
  private final Supplier<List<PinnedRegistry>> registries;
  private final RegistryTokens tokens;
  private final PinMeters meters;
  private final InstantSource clock;
  private final PinSchedule schedule = new PinSchedule();
  private final Set<String> troubled = new HashSet<>();

  /// @param running what runs; empty while nobody knows
  /// @param registries those that are asked
  PinRound(
      Supplier<Optional<Set<PodImage>>> running,
      Supplier<List<PinnedRegistry>> registries,
      RegistryTokens tokens,
      PinMeters meters,
      InstantSource clock) {
    this.running = requireNonNull(running, "running is null");
    this.registries = requireNonNull(registries, "registries is null");
    this.tokens = requireNonNull(tokens, "tokens is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// @throws KubernetesClientException when the API server does not say which registries there are
  void run() throws InterruptedException {
    var images = running.get();
    if (images.isEmpty()) {
      return;
    }
    var asked = registries.get();
    var endpoints = asked.stream().map(PinnedRegistry::endpoint).collect(Collectors.toSet());
    var pins = new HashSet<Pin>();
    for (var image : images.get()) {
      pin(image).filter(pin -> endpoints.contains(pin.endpoint())).ifPresent(pins::add);
    }
    int left = schedule.keep(pins, clock.instant());
    if (left > 0) {
      LOG.warn("{} running images are not pinned: {} are the most", left, PinSchedule.MAX_PINS);
    }
    meters.wanted(schedule.size());
    for (var registry : asked) {
      renew(registry);
    }
  }

  /// What a pod runs, by the digest that it names or that its node says it runs.
  private static Optional<Pin> pin(PodImage image) {
    try {
      var reference = image.reference();
      Digest digest = reference.digest();
      return digest == null
          ? Optional.empty()
          : Optional.of(
              new Pin(reference.repository().registry(), reference.repository().path(), digest));
    } catch (MalformedContentException e) {
      return Optional.empty();
    }
  }

  private void renew(PinnedRegistry registry) throws InterruptedException {
    var due = schedule.due(registry.endpoint(), clock.instant(), MAX_REQUESTS);
    if (due.isEmpty()) {
      return;
    }
    try (var requests = PinRequests.to(registry, tokens.token(registry.endpoint()))) {
      for (var pin : due) {
        var outcome = requests.renew(pin);
        schedule.done(pin, outcome, clock.instant());
        meters.asked(outcome);
        tell(registry, outcome);
        if (outcome.isOfTheRegistry()) {
          return;
        }
      }
    } catch (IOException | KubernetesClientException e) {
      meters.asked(PinOutcome.FAILED);
      schedule.done(due.getFirst(), PinOutcome.FAILED, clock.instant());
      LOG.warn("nothing is pinned in {} for now: {}", registry.endpoint(), e.toString());
    }
  }

  /// Once when it begins and once when it ends.
  private void tell(PinnedRegistry registry, PinOutcome outcome) {
    if (!outcome.isOfTheRegistry()) {
      if (troubled.remove(registry.endpoint())) {
        LOG.info("what runs is pinned in {} again", registry.endpoint());
      }
    } else if (troubled.add(registry.endpoint())) {
      LOG.warn(
          "what runs is not pinned in {} for now: the registry {}",
          registry.endpoint(),
          outcome == PinOutcome.REFUSED ? "does not let the operator" : "does not answer");
    }
  }
}
