package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.registry.pins.ServiceAccountName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How bundled registries are run.
///
/// @param image reference of Referee's own image, which the pods run
/// @param clusterDomain the domain of the cluster's names; Referee resolves only `cluster.local`
/// @param readers namespaces whose service accounts may read every bundled registry: Referee's own
/// @param pinner the operator's own service account, by which it keeps in the registries what runs;
///   null where it has none
/// @param interval how often a registry is looked at when nothing happens: its certificate, what
///   Secrets of its user say, its own account of what it keeps
public record OciRegistriesConfig(
    String image,
    String clusterDomain,
    List<String> readers,
    @Nullable ServiceAccountName pinner,
    Duration interval) {
  /// The environment variable that names Referee's own image.
  public static final String IMAGE_VARIABLE = "REFEREE_IMAGE";

  private static final String CLUSTER_DOMAIN = "cluster.local";

  /// Short against any certificate's life, long against the cost of a look.
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  public OciRegistriesConfig {
    requireNonNull(image, "image is null");
    requireNonNull(clusterDomain, "clusterDomain is null");
    readers = List.copyOf(readers);
    requireNonNull(interval, "interval is null");
    if (image.isBlank()) {
      throw new IllegalArgumentException("the image of Referee is empty");
    }
  }

  /// All defaults but the image.
  public static OciRegistriesConfig of(String image) {
    return new OciRegistriesConfig(image, CLUSTER_DOMAIN, List.of(), null, INTERVAL);
  }

  /// What the operator's pod is told by its environment.
  ///
  /// @throws IllegalArgumentException with a sentence, where the image is not named
  public static OciRegistriesConfig fromEnvironment(Map<String, String> environment) {
    var image = environment.getOrDefault(IMAGE_VARIABLE, "");
    if (image.isBlank()) {
      throw new IllegalArgumentException(
          IMAGE_VARIABLE + " is not set; it names the image that bundled registries run");
    }
    return of(image.strip());
  }

  /// The same, looked at more or less often.
  public OciRegistriesConfig every(Duration value) {
    return new OciRegistriesConfig(image, clusterDomain, readers, pinner, value);
  }

  /// The same, with all service accounts of a namespace as readers: Referee's own namespace.
  public OciRegistriesConfig readBy(String namespace) {
    return new OciRegistriesConfig(image, clusterDomain, List.of(namespace), pinner, interval);
  }

  /// The same, with a service account that may keep what runs in registries that collect.
  public OciRegistriesConfig pinnedBy(ServiceAccountName account) {
    return new OciRegistriesConfig(image, clusterDomain, readers, account, interval);
  }
}
