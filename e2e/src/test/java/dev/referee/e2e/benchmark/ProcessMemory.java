package dev.referee.e2e.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel knows of a process's memory (proc_pid_status(5)).
final class ProcessMemory {
  private ProcessMemory() {}

  /// A line of it, such as `VmRSS` or `VmHWM`, in MiB.
  static long mebibytes(long pid, String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/%d/status".formatted(pid)))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IOException("the kernel does not say " + field);
  }
}
