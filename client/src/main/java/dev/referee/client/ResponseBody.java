package dev.referee.client;

import static dev.referee.oci.SourceReason.TIMEOUT;
import static dev.referee.oci.SourceReason.UNREACHABLE;

import dev.referee.oci.Deadline;
import dev.referee.oci.SourceException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The body of an answer as a blocking stream for a virtual thread. The event loop hands over one
/// buffer at a time and reads on when it was taken, so a slow reader holds a buffer or two and not
/// the body. The deadline holds for the whole body: a registry that drips is as late as one that is
/// silent.
final class ResponseBody extends InputStream {
  private final HttpClientResponse response;
  private final Deadline deadline;
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

  /// Ends the exchange. A body that was read to its end leaves the connection to the next request;
  /// the rest of any other is not worth reading.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      response.request().reset();
    }
  }
}
