package dev.referee.e2e.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The way to a registry: as long as it should be, counted, and blocked when asked. It forwards
/// bytes on loopback and knows of HTTP only how a request's first line ends.
final class Forwarder implements AutoCloseable {
  private static final String REQUEST_LINE_END = " HTTP/1.1\r\n";

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Duration oneWay = Duration.ZERO;
  private volatile boolean blocked;

  /// @param target the registry's port on loopback
  Forwarder(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /// `127.0.0.1:PORT`.
  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /// How far away the registry is.
  void delay(Duration roundTrip) {
    oneWay = roundTrip.dividedBy(2);
  }

  /// While it is blocked connections open and nothing ever comes back.
  void block(boolean value) {
    blocked = value;
  }

  /// The requests since the last time.
  int takeRequests() {
    return requests.getAndSet(0);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        var registry = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        registry.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(registry);
        forward(client, registry, true);
        forward(registry, client, false);
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /// Bytes on their way, none at the end of a connection.
  private record Chunk(ByteBuffer bytes, long due) {}

  private Chunk chunk(ByteBuffer bytes) {
    return new Chunk(bytes, System.nanoTime() + oneWay.toNanos());
  }

  private void forward(Socket from, Socket to, boolean counted) {
    var chunks = new LinkedBlockingQueue<Chunk>();
    Thread.startVirtualThread(() -> read(from, chunks, counted));
    Thread.startVirtualThread(() -> write(to, chunks));
  }

  private void read(Socket from, LinkedBlockingQueue<Chunk> chunks, boolean counted) {
    try (InputStream in = from.getInputStream()) {
      while (true) {
        var bytes = new byte[64 << 10];
        int length = in.read(bytes);
        if (length < 0) {
          break;
        }
        if (counted) {
          count(new String(bytes, 0, length, ISO_8859_1));
        }
        if (!blocked) {
          chunks.add(chunk(ByteBuffer.wrap(bytes, 0, length)));
        }
      }
    } catch (IOException _) {
      // The end of a connection, however it ends.
    } finally {
      chunks.add(chunk(ByteBuffer.allocate(0)));
    }
  }

  private void count(String text) {
    int at = text.indexOf(REQUEST_LINE_END);
    while (at >= 0) {
      requests.incrementAndGet();
      at = text.indexOf(REQUEST_LINE_END, at + 1);
    }
  }

  private static void write(Socket to, LinkedBlockingQueue<Chunk> chunks) {
    try (OutputStream out = to.getOutputStream()) {
      while (true) {
        var chunk = chunks.take();
        long wait = chunk.due() - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        if (!chunk.bytes().hasRemaining()) {
          return;
        }
        out.write(chunk.bytes().array(), 0, chunk.bytes().limit());
        out.flush();
      }
    } catch (IOException _) {
      // The end of a connection, however it ends.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
