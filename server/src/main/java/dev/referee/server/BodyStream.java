package dev.referee.server;

import static dev.referee.server.ExchangeReason.CLIENT_GONE;
import static dev.referee.server.ExchangeReason.CLIENT_TOO_SLOW;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The body of a request, arriving on an event loop and read on a virtual thread. The event loop is
/// asked for a few pieces at a time, so a reader that pauses makes the client pause.
final class BodyStream extends InputStream {
  /// Pieces asked for ahead of the reader: enough to keep hashing and the network busy together.
  /// With [HttpService#MAX_CHUNK_BYTES] and the event loop's own queue of 16 pieces this bounds
  /// what one body takes in memory.
  private static final int READ_AHEAD = 8;

  /// What a client earns by delivering: at this rate its patience never ends.
  private static final long SLOWEST_BYTES_PER_SECOND = 1024;

  /// Rests of bodies up to this size are read and dropped, which is cheaper than a new connection.
  private static final long MAX_DISCARDED_BYTES = 256 << 10;

  private final HttpServerRequest request;
  private final long length;
  private final long patienceNanos;
  private final boolean continueExpected;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
  private boolean ended;
  private boolean discarding;
  private boolean closeAtEnd;
  private long discarded;
  private @Nullable Throwable failure;

  // The reader's own.
  private boolean started;
  private @Nullable Buffer current;
  private int position;
  private int consumed;
  private long received;
  private long waitedNanos;
  private boolean outOfPatience;

  private BodyStream(HttpServerRequest request, long length, boolean ended, Duration patience) {
    this.request = request;
    this.patienceNanos = patience.toNanos();
    this.length = length;
    this.ended = ended;
    this.continueExpected =
        request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
  }

  /// The body of a request that has just begun; called on its event loop.
  static BodyStream of(HttpServerRequest request, Duration patience) {
    var declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (!chunked && (declared == null || declared.equals("0"))) {
      return new BodyStream(request, 0, true, patience);
    }
    // The HTTP decoder has refused lengths that are no numbers.
    long length = declared == null || chunked ? -1 : Long.parseLong(declared);
    var body = new BodyStream(request, length, false, patience);
    request.pause();
    request.handler(body::arrived).endHandler(_ -> body.ended()).exceptionHandler(body::failed);
    return body;
  }

  /// The declared length in bytes, or -1.
  long length() {
    return length;
  }

  /// Whether nothing of the body is left.
  boolean isDone() {
    lock.lock();
    try {
      return ended && pieces.isEmpty() && current == null;
    } finally {
      lock.unlock();
    }
  }

  /// Whether what is left is so little, as far as anybody knows, that the connection is worth
  /// keeping. A chunked body that turns out to be long is cut off while it is discarded.
  boolean isWorthFinishing() {
    return isDone() || (length <= MAX_DISCARDED_BYTES && !continueExpected && !outOfPatience);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    var piece = current;
    if (piece == null) {
      piece = next();
      if (piece == null) {
        return -1;
      }
      position = 0;
    }
    int count = Math.min(wanted, piece.length() - position);
    piece.getBytes(position, position + count, buffer, offset);
    position += count;
    current = position == piece.length() ? null : piece;
    return count;
  }

  @Override
  public int available() {
    var piece = current;
    return piece == null ? 0 : piece.length() - position;
  }

  /// Reads and drops the rest after the response, so that the client gets to read it; a long rest
  /// is cut off with its connection.
  void discardRest(boolean close) {
    lock.lock();
    try {
      pieces.clear();
      current = null;
      discarding = true;
      closeAtEnd = close;
      if (ended || failure != null) {
        closeIfAsked();
        return;
      }
    } finally {
      lock.unlock();
    }
    request.fetch(Long.MAX_VALUE);
  }

  private @Nullable Buffer next() throws IOException {
    start();
    var piece = await();
    if (piece != null) {
      received += piece.length();
      if (++consumed >= READ_AHEAD / 2) {
        request.fetch(consumed);
        consumed = 0;
      }
    }
    return piece;
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    if (!isDone()) {
      if (continueExpected) {
        request.response().writeContinue();
      }
      request.fetch(READ_AHEAD);
    }
  }

  /// The next piece, or null at the end.
  private @Nullable Buffer await() throws IOException {
    lock.lock();
    try {
      while (pieces.isEmpty() && !ended) {
        if (failure != null) {
          throw new ExchangeException(
              CLIENT_GONE, "the client went away before the end of its body", failure);
        }
        // A client that falls silent is cut off by the idle timeout, however much it has earned.
        long begin = System.nanoTime();
        changed.awaitNanos(patienceLeft());
        waitedNanos += System.nanoTime() - begin;
      }
      return pieces.poll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExchangeException(CLIENT_GONE, "interrupted while reading a body", e);
    } finally {
      lock.unlock();
    }
  }

  private long patienceLeft() throws ExchangeException {
    long earned = TimeUnit.SECONDS.toNanos(received / SLOWEST_BYTES_PER_SECOND);
    long left = patienceNanos + earned - waitedNanos;
    if (left <= 0) {
      outOfPatience = true;
      throw new ExchangeException(
          CLIENT_TOO_SLOW, "the client sent %d bytes of its body too slowly".formatted(received));
    }
    return left;
  }

  private void arrived(Buffer piece) {
    lock.lock();
    try {
      if (discarding) {
        discarded += piece.length();
        if (discarded > MAX_DISCARDED_BYTES) {
          request.connection().close();
        }
        return;
      }
      if (piece.length() > 0) {
        pieces.add(piece);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
      closeIfAsked();
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void closeIfAsked() {
    if (discarding && closeAtEnd) {
      request.connection().close();
    }
  }
}
