package dev.referee.server;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What the requests of one server share: whether it is going away, and who is still being served.
final class ServerState {
  /// How long a connection with an unread body stays open for its response to be read.
  private static final long LINGER_MILLIS = 2000;

  private final Vertx vertx;
  private final Duration bodyPatience;
  private final HttpDate date = new HttpDate();
  private volatile boolean draining;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int inFlight;

  ServerState(Vertx vertx, Duration bodyPatience) {
    this.vertx = vertx;
    this.bodyPatience = bodyPatience;
  }

  Duration bodyPatience() {
    return bodyPatience;
  }

  String date() {
    return date.now();
  }

  boolean isDraining() {
    return draining;
  }

  void startDraining() {
    draining = true;
  }

  /// Closes a connection after a moment, unless it is closed before.
  void closeSoon(HttpConnection connection) {
    vertx.setTimer(LINGER_MILLIS, _ -> connection.close());
  }

  void begin() {
    lock.lock();
    try {
      inFlight++;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      inFlight--;
      if (inFlight == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until no handler runs.
  ///
  /// @return false when time ran out before
  boolean awaitIdle(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (inFlight > 0) {
        if (left <= 0) {
          return false;
        }
        left = idle.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
