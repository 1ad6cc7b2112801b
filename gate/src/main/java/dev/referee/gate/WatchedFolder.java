package dev.referee.gate;

import static java.util.Objects.requireNonNull;

import dev.referee.verify.policy.PolicySet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Policies from files that may change while the webhook runs. What cannot be read does not replace
/// what could: a half-written file must not switch a policy off, and says so in the log until it is
/// whole.
public final class WatchedFolder implements PolicySource {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFolder.class);

  private final List<Path> paths;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("policy-files").factory());
  private volatile PolicySet policies;

  private WatchedFolder(List<Path> paths, PolicySet policies) {
    this.paths = List.copyOf(paths);
    this.policies = requireNonNull(policies, "policies is null");
  }

  /// Reads the files, and again whenever this much time has passed.
  ///
  /// @throws PolicyFileException when they cannot be read the first time
  public static WatchedFolder open(List<Path> paths, Duration interval) throws PolicyFileException {
    var folder = new WatchedFolder(paths, PolicyFiles.read(paths).compile());
    // Runs until the timer is shut down; reload lets nothing escape.
    var _ =
        folder.timer.scheduleWithFixedDelay(
            folder::reload, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    return folder;
  }

  private void reload() {
    try {
      policies = PolicyFiles.read(paths).compile();
    } catch (PolicyFileException | RuntimeException e) {
      LOG.error("the policies are not reloaded, the last ones stay in force: {}", e.getMessage());
    }
  }

  @Override
  public PolicySet current() {
    return policies;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
