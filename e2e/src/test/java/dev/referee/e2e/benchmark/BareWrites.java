package dev.referee.e2e.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What a disk does without a registry: the writes that a pushed blob needs to be there after a
/// loss of power, its content under a temporary name, its name, and one small object beside it.
final class BareWrites {
  private static final byte[] SMALL = new byte[100];

  private BareWrites() {}

  /// Writes for a while into a folder of its own.
  ///
  /// @return blobs a second
  static double measure(Path parent, int writers, int size, Duration time) throws Exception {
    var folder = Files.createDirectory(parent.resolve("bare-writes"));
    var content = new byte[size];
    new Random(9).nextBytes(content);
    var next = new AtomicInteger();
    long began = System.nanoTime();
    Callable<Integer> writer =
        () -> {
          int written = 0;
          for (; System.nanoTime() - began < time.toNanos(); written++) {
            blob(folder, next.getAndIncrement(), content);
          }
          return written;
        };
    try (var executor = Executors.newFixedThreadPool(writers)) {
      int written = 0;
      for (var one :
          executor.invokeAll(IntStream.range(0, writers).mapToObj(_ -> writer).toList())) {
        written += one.get();
      }
      return written / ((System.nanoTime() - began) / 1e9);
    }
  }

  private static void blob(Path folder, int number, byte[] content) throws IOException {
    var temporary = folder.resolve(number + ".tmp");
    write(temporary, content);
    Files.move(temporary, folder.resolve(number + ".blob"));
    write(folder.resolve(number + ".link"), SMALL);
    try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (var out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    }
  }
}
