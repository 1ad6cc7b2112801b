package dev.referee.gate.registries;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.MirrorSpec;
import dev.referee.api.v1alpha1.RegistryConfigSpec;
import dev.referee.api.v1alpha1.RegistryCredentialsSpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceId;
import dev.referee.api.v1alpha1.ResourceKind;
import dev.referee.client.Credentials;
import dev.referee.client.DockerConfig;
import dev.referee.client.RegistryClientConfig;
import dev.referee.client.RequestRate;
import dev.referee.gate.ClusterObject;
import dev.referee.gate.registries.Registries.Host;
import dev.referee.oci.MalformedContentException;
import dev.referee.oci.Repository;
import dev.referee.verify.policy.Problem;
import dev.referee.verify.policy.ReferencedValues;
import dev.referee.verify.policy.ValueReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns ClusterRegistryConfig and OciRegistry objects into settings of hosts.
public final class RegistryCompiler {
  /// Reasons of problems, in the spelling of condition reasons.
  static final String INVALID_HOST = "InvalidHost";

  static final String INVALID_CA_BUNDLE = "InvalidCABundle";
  static final String INVALID_CREDENTIALS = "InvalidCredentials";
  static final String DUPLICATE_HOST = "DuplicateHost";
  static final String UNSUPPORTED = "Unsupported";

  private final ReferencedValues values;
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, ResourceId> owners = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private RegistryCompiler(ReferencedValues values) {
    this.values = requireNonNull(values, "values is null");
  }

  /// Compiles everything there is.
  ///
  /// @param generation what to call the result, greater than for every earlier one
  /// @param values where credentials are kept
  public static Registries compile(
      long generation, Collection<ClusterObject> objects, ReferencedValues values) {
    var compiler = new RegistryCompiler(values);
    // By name, so that of two for one host the same one is refused at every replica.
    var sorted =
        objects.stream().sorted(Comparator.comparing(object -> object.id().toString())).toList();
    sorted.forEach(compiler::addConfig);
    sorted.forEach(compiler::addBundled);
    return new Registries(generation, compiler.hosts, compiler.problems);
  }

  private void addConfig(ClusterObject object) {
    switch (object.resource()) {
      case Resource.RegistryConfig config -> add(config.id(), config.spec());
      case Resource.Invalid invalid -> {
        if (invalid.id().kind() == ResourceKind.CLUSTER_REGISTRY_CONFIG) {
          // The compiler of policies reports it; here it must not be reached as if nothing were
          // said.
          registry(object.tree().path("spec").path("host").asText())
              .ifPresent(
                  host ->
                      hosts.put(
                          host,
                          new Host.Misconfigured(
                              "%s: %s".formatted(invalid.id(), invalid.problem().getMessage()))));
        }
      }
      case Resource.Policy _,
          Resource.Signer _,
          Resource.TrustRoot _,
          Resource.PolicyException _,
          Resource.OciRegistry _,
          Resource.Configuration _ -> {
        // Says nothing of registries, or is asked in the second round.
      }
    }
  }

  private static Optional<String> registry(String host) {
    try {
      return Optional.of(new Repository(host, "any").registry());
    } catch (MalformedContentException e) {
      return Optional.empty();
    }
  }

  private void add(ResourceId id, RegistryConfigSpec spec) {
    var registry = registry(spec.host());
    if (registry.isEmpty()) {
      problems.add(
          new Problem(id, INVALID_HOST, "\"%s\" is no host of images".formatted(spec.host())));
      return;
    }
    var host = registry.get();
    var owner = owners.putIfAbsent(host, id);
    if (owner != null) {
      misconfigured(id, host, DUPLICATE_HOST, "%s is about %s, too".formatted(owner, host));
      return;
    }
    try {
      hosts.put(host, new Host.Known(settings(host, spec)));
    } catch (UnusableException e) {
      misconfigured(id, host, e.reason, String.valueOf(e.getMessage()));
    }
  }

  private void misconfigured(ResourceId id, String host, String reason, String message) {
    problems.add(new Problem(id, reason, message));
    hosts.put(host, new Host.Misconfigured("%s: %s".formatted(id, message)));
  }

  private HostSettings settings(String host, RegistryConfigSpec spec) throws UnusableException {
    var mirrors = new ArrayList<HostSettings.Mirror>();
    for (var mirror : spec.mirrors()) {
      mirrors.add(mirror(mirror));
    }
    var limit = spec.rateLimit();
    return new HostSettings(
        host,
        spec.plainHTTP(),
        authorities(spec.caBundle()),
        credentials(host, spec.credentials()),
        Set.copyOf(spec.tokenServices()),
        limit == null ? null : new RequestRate(limit.requestsPerSecond(), limit.burst()),
        mirrors);
  }

  /// A mirror is shown no credentials: those of the registry are the registry's.
  private static HostSettings.Mirror mirror(MirrorSpec spec) throws UnusableException {
    var host =
        registry(spec.host())
            .orElseThrow(
                () ->
                    new UnusableException(
                        INVALID_HOST, "the mirror \"%s\" is no host".formatted(spec.host())));
    return new HostSettings.Mirror(
        new HostSettings(
            host,
            spec.plainHTTP(),
            authorities(spec.caBundle()),
            Credentials.ANONYMOUS,
            Set.of(),
            null,
            List.of()),
        spec.prefix() == null ? "" : spec.prefix());
  }

  private static @Nullable String authorities(@Nullable String bundle) throws UnusableException {
    if (bundle != null) {
      try {
        RegistryClientConfig.checkAuthorities(bundle);
      } catch (IllegalArgumentException e) {
        throw new UnusableException(INVALID_CA_BUNDLE, String.valueOf(e.getMessage()));
      }
    }
    return bundle;
  }

  private Credentials credentials(String host, @Nullable RegistryCredentialsSpec spec)
      throws UnusableException {
    if (spec == null) {
      return Credentials.ANONYMOUS;
    }
    var secret = spec.secretRef();
    if (secret == null) {
      throw new UnusableException(
          UNSUPPORTED, "credentials.pullSecrets is not read yet; name a Secret with secretRef");
    }
    var document = value(secret.name(), ".dockerconfigjson");
    if (document instanceof ReferencedValues.Value.Found found) {
      return fromDocument(host, secret.name(), found.text());
    }
    var username = value(secret.name(), "username");
    var password = value(secret.name(), "password");
    if (username instanceof ReferencedValues.Value.Found user
        && password instanceof ReferencedValues.Value.Found word) {
      return new Credentials.Basic(user.text(), word.text());
    }
    throw new UnusableException(
        document instanceof ReferencedValues.Value.Unavailable missing
            ? missing.reason()
            : INVALID_CREDENTIALS,
        document instanceof ReferencedValues.Value.Unavailable missing
            ? missing.message() + ", nor username and password"
            : "no credentials");
  }

  private ReferencedValues.Value value(String secret, String key) {
    return values.value(new ValueReference(ValueReference.Holder.SECRET, null, secret, key));
  }

  private static Credentials fromDocument(String host, String secret, String document)
      throws UnusableException {
    try {
      var found =
          DockerConfig.parse(document.getBytes(StandardCharsets.UTF_8))
              .credentials(new Repository(host, "any"));
      if (found.equals(Credentials.ANONYMOUS)) {
        throw new UnusableException(
            INVALID_CREDENTIALS, "Secret %s has no credentials for %s".formatted(secret, host));
      }
      return found;
    } catch (MalformedContentException e) {
      // Not what the parser says: it might quote a password.
      throw new UnusableException(
          INVALID_CREDENTIALS, "Secret %s is no Docker configuration".formatted(secret));
    }
  }

  /// A bundled registry is reached where its status says, if that is a name of its own namespace:
  /// whoever may write statuses of one namespace must not speak for another's host.
  private void addBundled(ClusterObject object) {
    if (!(object.resource() instanceof Resource.OciRegistry registry)) {
      return;
    }
    JsonNode status = object.tree().path("status");
    var endpoint = status.path("endpoint").asText();
    var own = "%s.%s.svc".formatted(registry.id().name(), registry.id().namespace());
    if (!endpoint.startsWith(own + ":") && !endpoint.startsWith(own + ".cluster.local:")) {
      return;
    }
    var bundle = status.path("caBundle").asText();
    registry(endpoint)
        .ifPresent(
            host -> {
              try {
                hosts.putIfAbsent(
                    host,
                    new Host.Known(
                        HostSettings.certifiedBy(
                            host, authorities(bundle.isEmpty() ? null : bundle))));
              } catch (UnusableException e) {
                hosts.putIfAbsent(
                    host,
                    new Host.Misconfigured("%s: %s".formatted(registry.id(), e.getMessage())));
              }
            });
  }

  /// Why a configuration cannot be used.
  private static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    UnusableException(String reason, String message) {
      super(message);
      this.reason = reason;
    }
  }
}
