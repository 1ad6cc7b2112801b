package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ShutdownSignalTest {
  private final List<Integer> exits = Collections.synchronizedList(new ArrayList<>());

  @Test
  void exitsCleanlyAfterTheWorkHasEnded() throws Exception {
    var ended = new CountDownLatch(1);
    var signal = new ShutdownSignal(exits::add, Duration.ofMinutes(1));
    var command =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (signal) {
                    signal.await();
                    ended.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    signal.onSignal();

    command.join();
    assertThat(ended.getCount()).isZero();
    assertThat(exits).containsExactly(0);
  }

  @Test
  void reportsWorkThatDoesNotEnd() {
    new ShutdownSignal(exits::add, Duration.ofMillis(1)).onSignal();

    assertThat(exits).containsExactly(1);
  }

  @Test
  void leavesAnOrdinaryExitAlone() {
    var signal = new ShutdownSignal(exits::add, Duration.ofMinutes(1));
    signal.close();

    signal.onSignal();

    assertThat(exits).isEmpty();
  }

  @Test
  void canBeRequestedFromInside() throws Exception {
    var signal = new ShutdownSignal(exits::add, Duration.ofMinutes(1));
    signal.request();

    signal.await();

    assertThat(exits).isEmpty();
  }
}
