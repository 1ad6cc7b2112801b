package dev.referee.verify.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// How long a core works, which is what is asked for, and what a machine that others use too still
/// tells: the time on the wall also counts theirs.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CoreTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// How often it was done.
  public long operations;

  /// What all of it took.
  public long nanoseconds;

  private long start;

  /// Begins an iteration.
  @Setup(Level.Iteration)
  public void start() {
    operations = 0;
    start = THREADS.getCurrentThreadCpuTime();
  }

  /// Ends it.
  @TearDown(Level.Iteration)
  public void stop() {
    nanoseconds = THREADS.getCurrentThreadCpuTime() - start;
  }

  /// One more was done.
  public void count() {
    operations++;
  }
}
