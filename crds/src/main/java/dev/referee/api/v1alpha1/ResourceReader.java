package dev.referee.api.v1alpha1;

import static dev.referee.api.v1alpha1.ResourceReason.INVALID_METADATA;
import static dev.referee.api.v1alpha1.ResourceReason.INVALID_VALUE;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_FIELD;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_KIND;
import static dev.referee.api.v1alpha1.ResourceReason.UNKNOWN_VERSION;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads objects of this API from JSON trees, strictly: an unknown field is an error wherever it
/// stands, because a restriction that somebody misspelt must not vanish.
public final class ResourceReader {
  private static final Set<String> TOP_LEVEL =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");

  private ResourceReader() {}

  /// Whether this tree claims to be an object of this API group, of whatever version.
  public static boolean claims(JsonNode object) {
    return object.path("apiVersion").asText().startsWith(ResourceKind.GROUP + "/");
  }

  /// Which object it is.
  ///
  /// @throws InvalidResourceException when kind, version or name cannot be made out
  public static ResourceId readId(JsonNode object) throws InvalidResourceException {
    var apiVersion = object.path("apiVersion").asText();
    if (!apiVersion.equals(ResourceKind.API_VERSION)) {
      throw new InvalidResourceException(
          UNKNOWN_VERSION,
          "apiVersion is \"%s\", known is %s".formatted(apiVersion, ResourceKind.API_VERSION));
    }
    var kindName = object.path("kind").asText();
    var kind = ResourceKind.of(kindName);
    if (kind.isEmpty()) {
      throw new InvalidResourceException(
          UNKNOWN_KIND, "\"%s\" is not a kind of %s".formatted(kindName, ResourceKind.API_VERSION));
    }
    var metadata = object.path("metadata");
    var name = metadata.path("name").asText();
    if (name.isEmpty()) {
      throw new InvalidResourceException(
          INVALID_METADATA, "a %s has no metadata.name".formatted(kind.get()));
    }
    var namespace = metadata.path("namespace").asText();
    if (kind.get().namespaced() && namespace.isEmpty()) {
      throw new InvalidResourceException(
          INVALID_METADATA, "%s/%s has no metadata.namespace".formatted(kind.get(), name));
    }
    return new ResourceId(kind.get(), kind.get().namespaced() ? namespace : null, name);
  }

  /// Reads one object.
  ///
  /// @throws InvalidResourceException with the first thing that is wrong with it
  public static Resource read(JsonNode object) throws InvalidResourceException {
    return read(readId(object), object);
  }

  /// Reads one object whose identity is known; one that makes no sense is [Resource.Invalid].
  public static Resource readOrInvalid(ResourceId id, JsonNode object) {
    try {
      return read(id, object);
    } catch (InvalidResourceException e) {
      return new Resource.Invalid(id, match(object), action(object), e);
    }
  }

  private static Resource read(ResourceId id, JsonNode object) throws InvalidResourceException {
    for (var field : object.properties()) {
      if (!TOP_LEVEL.contains(field.getKey())) {
        throw new InvalidResourceException(
            UNKNOWN_FIELD, "%s is not a field of a %s".formatted(field.getKey(), id.kind()));
      }
    }
    var spec = object.path("spec");
    if (!spec.isObject()) {
      throw new InvalidResourceException(INVALID_VALUE, "%s has no spec".formatted(id));
    }
    return switch (id.kind()) {
      case CLUSTER_REFERRER_POLICY, REFERRER_POLICY ->
          new Resource.Policy(id, StrictMapper.read(spec, ReferrerPolicySpec.class, "spec"));
      case CLUSTER_SIGNER, SIGNER ->
          new Resource.Signer(id, StrictMapper.read(spec, SignerSpec.class, "spec"));
      case CLUSTER_TRUST_ROOT ->
          new Resource.TrustRoot(id, StrictMapper.read(spec, TrustRootSpec.class, "spec"));
      case CLUSTER_POLICY_EXCEPTION ->
          new Resource.PolicyException(
              id, StrictMapper.read(spec, PolicyExceptionSpec.class, "spec"));
      case CLUSTER_REGISTRY_CONFIG ->
          new Resource.RegistryConfig(
              id, StrictMapper.read(spec, RegistryConfigSpec.class, "spec"));
      case OCI_REGISTRY ->
          new Resource.OciRegistry(id, StrictMapper.read(spec, OciRegistrySpec.class, "spec"));
      case REFEREE_CONFIGURATION ->
          new Resource.Configuration(
              id, StrictMapper.read(spec, RefereeConfigurationSpec.class, "spec"));
    };
  }

  /// What a policy that makes no sense is about, if at least that makes sense.
  private static @Nullable MatchSpec match(JsonNode object) {
    var match = object.path("spec").path("match");
    if (match.isMissingNode() || match.isNull()) {
      return null;
    }
    try {
      return StrictMapper.read(match, MatchSpec.class, "spec.match");
    } catch (InvalidResourceException e) {
      return null;
    }
  }

  private static Action action(JsonNode object) {
    var action = object.path("spec").path("action");
    try {
      return action.isTextual()
          ? StrictMapper.read(action, Action.class, "spec.action")
          : Action.ENFORCE;
    } catch (InvalidResourceException e) {
      return Action.ENFORCE;
    }
  }
}
