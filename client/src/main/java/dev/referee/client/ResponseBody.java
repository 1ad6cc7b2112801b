package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.UNREACHABLE;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The body of an answer as a blocking stream for a virtual thread. The event loop hands over one
/// buffer at a time and reads on when it was taken, so a slow reader holds a buffer or two and not
/// the body. The deadline holds for the whole body: a registry that drips is as late as one that is
/// silent.
final class ResponseBody extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseBody.class);

  /// What is read for nothing to keep a connection: the error bodies of registries are far smaller.
  private static final int MAX_REST_BYTES = 64 << 10;

  /// A new connection costs less than waiting longer.
  private static final Duration REST_PATIENCE = Duration.ofMillis(200);

  private final HttpClientResponse response;
  private Deadline deadline;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private Buffer current = Buffer.buffer();
  private int position;
  private boolean ended;

  private sealed interface Event {
    record Data(Buffer buffer) implements Event {}

    record End() implements Event {}

    record Failure(Throwable cause) implements Event {}
  }

  private ResponseBody(HttpClientResponse response, Deadline deadline) {
    this.response = response;
    this.deadline = deadline;
  }

  /// Takes over a response. Called on its event loop, before anything of the body can get lost.
  static ResponseBody of(HttpClientResponse response, Deadline deadline) {
    var body = new ResponseBody(response, deadline);
    response.pause();
    response.handler(buffer -> body.events.add(new Event.Data(buffer)));
    response.endHandler(end -> body.events.add(new Event.End()));
    response.exceptionHandler(cause -> body.events.add(new Event.Failure(cause)));
    return body;
  }

  @Override
  public int read() throws IOException {
    return fill() ? current.getUnsignedByte(position++) : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    current.getBytes(position, position + count, bytes, offset);
    position += count;
    return count;
  }

  /// Makes sure that there is a byte to hand out; false at the end.
  private boolean fill() throws SourceException {
    while (position == current.length()) {
      if (ended) {
        return false;
      }
      response.fetch(1);
      switch (next()) {
        case Event.Data(Buffer buffer) -> {
          current = buffer;
          position = 0;
        }
        case Event.End end -> {
          ended = true;
          current = Buffer.buffer();
          position = 0;
        }
        case Event.Failure(Throwable cause) -> {
          ended = true;
          throw new SourceException(
              UNREACHABLE, "the connection broke: " + cause.getMessage(), cause);
        }
      }
    }
    return true;
  }

  private Event next() throws SourceException {
    try {
      var event = events.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      return Optional.ofNullable(event)
          .orElseThrow(() -> new SourceException(TIMEOUT, "the answer did not end in time"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(TIMEOUT, "reading was given up", e);
    }
  }

  /// Ends the exchange and leaves the connection to the next request. A rest that is long or slow
  /// is cut off with its connection; a short one is read, because a reset may come after the
  /// answer's end, and then closes the connection under the request that has it by now.
  @Override
  public void close() {
    if (ended) {
      return;
    }
    try {
      deadline = deadline.earlier(Deadline.in(REST_PATIENCE));
      for (int discarded = 0; fill(); ) {
        discarded += current.length() - position;
        position = current.length();
        if (discarded > MAX_REST_BYTES) {
          break;
        }
      }
    } catch (SourceException e) {
      LOG.debug("the rest of an answer was not read: {}", e.getMessage());
    }
    if (!ended) {
      ended = true;
      response.request().reset();
    }
  }
}
