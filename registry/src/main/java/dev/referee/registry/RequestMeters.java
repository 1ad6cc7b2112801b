package dev.referee.registry;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How long requests take, by kind, method and status. Labels have few values, all of them ours: a
/// repository's name would be a label without bounds, and known to whoever reads metrics.
final class RequestMeters {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE");

  private final MeterRegistry meters;
  private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

  private record Labels(String route, String method, int status) {}

  RequestMeters(MeterRegistry meters) {
    this.meters = requireNonNull(meters, "meters is null");
  }

  /// A request was answered.
  ///
  /// @param route null for a path that is none
  /// @param status 0 for a client that went away before
  void answered(@Nullable Route route, String method, int status, long nanos) {
    var labels = new Labels(label(route), METHODS.contains(method) ? method : "other", status);
    timers.computeIfAbsent(labels, this::timer).record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Labels labels) {
    return Timer.builder("referee.registry.requests")
        .description("Requests, from their headers to the end of the answer")
        .tag("route", labels.route())
        .tag("method", labels.method())
        .tag("status", Integer.toString(labels.status()))
        .register(meters);
  }

  private static String label(@Nullable Route route) {
    return switch (route) {
      case null -> "none";
      case Route.Ping _ -> "ping";
      case Route.Catalog _ -> "catalog";
      case Route.TagList _ -> "tags";
      case Route.OneManifest _ -> "manifest";
      case Route.OneBlob _ -> "blob";
      case Route.AllUploads _, Route.OneUpload _ -> "upload";
      case Route.ReferrersOf _ -> "referrers";
      case Route.OnePin _ -> "pin";
      case Route.Token _ -> "token";
    };
  }
}
