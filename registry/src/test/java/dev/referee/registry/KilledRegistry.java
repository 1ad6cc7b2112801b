package dev.referee.registry;

import dev.referee.registry.content.CollectionPolicy;
import dev.referee.server.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;

/// A registry in a process of its own, made to be killed. It collects all the time.
final class KilledRegistry {
  private KilledRegistry() {}

  public static void main(String[] arguments) throws Exception {
    var policy =
        new CollectionPolicy(CollectionPolicy.MIN_GRACE, CollectionPolicy.MIN_GRACE, false);
    var config =
        RegistryConfig.of(Path.of(arguments[0]), new ListenAddress("127.0.0.1", 0))
            .collection(new CollectionSchedule(policy, Duration.ofMillis(50)))
            .build();
    var registry = Registry.start(config);
    System.out.println(registry.uri());
    // Until whoever started it kills it, or is gone itself.
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
