package dev.referee.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OverloadIT {
  @Test
  void refusesWhatHasNoTurnInTime() throws Exception {
    try (var held = new HeldHandler();
        var service =
            TestService.start(
                config -> config.maxConcurrentRequests(1).maxWait(Duration.ofMillis(50)), held)) {
      var first = held.holdOne(service);

      assertThat(service.get("/second"))
          .satisfies(
              response -> {
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("Retry-After")).contains("1");
              });
      // Saturated is not dead.
      assertThat(service.get("/livez").statusCode()).isEqualTo(200);

      held.release();
      assertThat(first.get()).isEqualTo(200);
      assertThat(service.get("/third").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void letsTheOwnerAnswerOverload() throws Exception {
    try (var held = new HeldHandler();
        var service =
            TestService.start(
                config ->
                    config
                        .maxConcurrentRequests(1)
                        .maxWait(Duration.ZERO)
                        .overloaded(exchange -> exchange.respondText(200, "denied")),
                held)) {
      var first = held.holdOne(service);

      assertThat(service.get("/second").body()).isEqualTo("denied\n");

      held.release();
      assertThat(first.get()).isEqualTo(200);
    }
  }

  @Test
  void letsARequestWaitForItsTurn() throws Exception {
    try (var held = new HeldHandler();
        var service =
            TestService.start(
                config -> config.maxConcurrentRequests(1).maxWait(Duration.ofMinutes(1)), held)) {
      var first = held.holdOne(service);
      var second = held.send(service);

      held.release();
      assertThat(first.get()).isEqualTo(200);
      assertThat(second.get()).isEqualTo(200);
    }
  }

  /// Answers when it is let go.
  private static final class HeldHandler implements ExchangeHandler, AutoCloseable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void handle(Exchange exchange) throws Exception {
      begun.countDown();
      release.await();
      exchange.respondText(200, "done");
    }

    CompletableFuture<Integer> holdOne(TestService service) throws InterruptedException {
      var first = send(service);
      begun.await();
      return first;
    }

    CompletableFuture<Integer> send(TestService service) {
      var status = new CompletableFuture<Integer>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  status.complete(service.get("/").statusCode());
                } catch (Exception e) {
                  status.completeExceptionally(e);
                }
              });
      return status;
    }

    void release() {
      release.countDown();
    }

    @Override
    public void close() {
      release();
    }
  }
}
