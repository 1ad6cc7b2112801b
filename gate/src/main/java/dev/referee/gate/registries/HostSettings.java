package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import dev.referee.client.Credentials;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RequestRate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How one registry is reached.
///
/// @param registry host as repositories name it, with a port where they do
/// @param plainHttp whether it is spoken to without TLS
/// @param caBundle PEM certificates to trust beside the system's; null, none
/// @param credentials what it is shown
/// @param tokenServices other hosts whose token service may be given the credentials
/// @param rate how often it may be asked; null, as often as needed
/// @param mirrors where content may be read first
public record HostSettings(
    String registry,
    boolean plainHttp,
    @Nullable String caBundle,
    Credentials credentials,
    Set<String> tokenServices,
    @Nullable RequestRate rate,
    List<Mirror> mirrors) {
  public HostSettings {
    requireNonNull(registry, "registry is null");
    requireNonNull(credentials, "credentials is null");
    tokenServices = Set.copyOf(tokenServices);
    mirrors = List.copyOf(mirrors);
  }

  /// Another registry that has the same content.
  ///
  /// @param settings how it is reached
  /// @param prefix what its repositories are called by before their own name; empty, nothing
  public record Mirror(HostSettings settings, String prefix) {
    public Mirror {
      requireNonNull(settings, "settings is null");
      requireNonNull(prefix, "prefix is null");
    }
  }

  /// Reached like any registry, but for its authority.
  static HostSettings certifiedBy(String registry, @Nullable String caBundle) {
    return new HostSettings(
        registry, false, caBundle, Credentials.ANONYMOUS, Set.of(), null, List.of());
  }

  /// These settings on top of those that hold for every registry.
  ///
  /// Only this registry's repositories are shown the credentials, also where others share a client.
  RegistryClientConfig over(RegistryClientConfig base) {
    var config = base;
    if (plainHttp) {
      var plain = new HashSet<>(base.plainHttp());
      plain.add(registry);
      config = config.withPlainHttp(plain);
    }
    if (caBundle != null) {
      var bundles = new ArrayList<>(base.trustedCertificates());
      bundles.add(caBundle);
      config = config.trusting(bundles);
    }
    if (!tokenServices.isEmpty()) {
      Map<String, Set<String>> services = new HashMap<>(base.tokenServices());
      // Keyed by the host alone, as challenges are compared.
      services.put(host(), tokenServices);
      config = config.withTokenServices(services);
    }
    if (!credentials.equals(Credentials.ANONYMOUS)) {
      var own = credentials;
      var others = base.credentials();
      config =
          config.with(
              repository ->
                  repository.registry().equals(registry) ? own : others.credentials(repository));
    }
    return rate == null ? config : config.limitedTo(rate);
  }

  private String host() {
    int colon = registry.lastIndexOf(':');
    boolean port = colon > 0 && registry.indexOf(']', colon) < 0;
    return port ? registry.substring(0, colon) : registry;
  }
}
