package dev.referee.registry.events;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends events to an HTTP sink, one after the other in the order in which they happened, each as a
/// CloudEvent in structured mode.
///
/// A bounded queue is between a push and the sink: a sink that is slow or gone costs events, never
/// pushes. What is lost is counted.
public final class HttpEvents implements Events, AutoCloseable {
  /// Some seconds of a busy registry; a few hundred bytes each.
  static final int CAPACITY = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HttpEvents.class);

  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// How long the end of the registry waits for the sink.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final EventSink sink;
  private final URI source;
  private final Duration pause;
  private final BlockingQueue<RegistryEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Counter delivered;
  private final Counter dropped;
  private final Counter failed;
  private final Thread sender;
  private volatile boolean closing;
  private boolean complained;

  private HttpEvents(EventSink sink, URI source, MeterRegistry meters, Duration pause) {
    this.sink = requireNonNull(sink, "sink is null");
    this.source = requireNonNull(source, "source is null");
    this.pause = requireNonNull(pause, "pause is null");
    this.delivered = counter(meters, "delivered");
    this.dropped = counter(meters, "dropped");
    this.failed = counter(meters, "failed");
    meters.gaugeCollectionSize("referee.registry.events.waiting", List.of(), queue);
    this.sender = Thread.ofPlatform().daemon().name("events").unstarted(this::send);
  }

  /// Starts to send.
  ///
  /// @param sink where to, which is closed with this
  /// @param source how the registry is named in its events
  public static HttpEvents start(EventSink sink, URI source, MeterRegistry meters) {
    return start(sink, source, meters, PAUSE);
  }

  /// @param pause before the second attempt; twice as long before the third
  static HttpEvents start(EventSink sink, URI source, MeterRegistry meters, Duration pause) {
    var events = new HttpEvents(sink, source, meters, pause);
    events.sender.start();
    return events;
  }

  private static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("referee.registry.events")
        .description("Events that were delivered, given up, or dropped because too many waited")
        .tag("outcome", outcome)
        .register(meters);
  }

  @Override
  public void publish(RegistryEvent event) {
    if (closing || !queue.offer(event)) {
      dropped.increment();
    }
  }

  private void send() {
    try {
      while (!closing || !queue.isEmpty()) {
        var event = queue.poll(100, TimeUnit.MILLISECONDS);
        if (event != null) {
          deliver(event);
        }
      }
    } catch (InterruptedException e) {
      // The registry ends and the sink does not answer.
      LOG.debug("the sender of events was interrupted", e);
    }
  }

  private void deliver(RegistryEvent event) throws InterruptedException {
    var body = CloudEvent.encode(event, source);
    for (int attempt = 1; ; attempt++) {
      String problem;
      boolean again = true;
      try {
        int status = sink.post(body);
        if (status / 100 == 2) {
          delivered.increment();
          complained = false;
          return;
        }
        problem = "answered " + status;
        again = status >= 500 || status == 408 || status == 429;
      } catch (IOException | RuntimeException e) {
        // Whatever it was, the next event is sent: a sender that is gone would say nothing.
        problem = "gets nothing: " + e;
      }
      if (!again || attempt == ATTEMPTS) {
        failed.increment();
        complain(problem);
        return;
      }
      Thread.sleep(pause.multipliedBy(attempt));
    }
  }

  /// Once until it works again: a sink that is gone must not fill the log.
  private void complain(String problem) {
    if (!complained) {
      LOG.warn("the sink of events at {} {}; events are lost", sink.uri(), problem);
      complained = true;
    }
  }

  /// Sends what waits for a few seconds more; what is left then is dropped.
  @Override
  public void close() {
    closing = true;
    try {
      if (!sender.join(LAST_WORDS)) {
        sender.interrupt();
        sender.join();
      }
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    var left = new ArrayList<RegistryEvent>();
    queue.drainTo(left);
    dropped.increment(left.size());
    sink.close();
  }
}
