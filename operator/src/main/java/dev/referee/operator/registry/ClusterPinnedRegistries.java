package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.referee.api.v1alpha1.InvalidResourceException;
import dev.referee.api.v1alpha1.OciRegistrySpec;
import dev.referee.api.v1alpha1.Resource;
import dev.referee.api.v1alpha1.ResourceReader;
import dev.referee.operator.registry.model.RegistryNames;
import dev.referee.operator.registry.model.RegistryObjects;
import dev.referee.operator.registry.pins.PinnedRegistry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The bundled registries of a cluster whose objects say that what runs is to stay.
public final class ClusterPinnedRegistries implements Supplier<List<PinnedRegistry>> {
  private final KubernetesClient client;
  private final OciRegistriesConfig config;

  public ClusterPinnedRegistries(KubernetesClient client, OciRegistriesConfig config) {
    this.client = requireNonNull(client, "client is null");
    this.config = requireNonNull(config, "config is null");
  }

  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server does not
  ///   say
  @Override
  public List<PinnedRegistry> get() {
    return client.resources(OciRegistryResource.class).inAnyNamespace().list().getItems().stream()
        .map(this::pinned)
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<PinnedRegistry> pinned(OciRegistryResource resource) {
    var status = resource.getStatus();
    // Who reconciles it says what is wrong with it; until it is reached nobody is asked.
    if (status == null || status.path("endpoint").asText().isEmpty()) {
      return Optional.empty();
    }
    var metadata = resource.getMetadata();
    var names = new RegistryNames(metadata.getNamespace(), metadata.getName(), metadata.getUid());
    var endpoint = "%s:%d".formatted(names.host(config.clusterDomain()), RegistryObjects.PORT);
    return read(resource)
        .filter(OciRegistrySpec::pinsRunning)
        .flatMap(spec -> address(spec, names, endpoint))
        .map(address -> new PinnedRegistry(endpoint, address, status.path("caBundle").asText()));
  }

  private Optional<OciRegistrySpec> read(OciRegistryResource resource) {
    var tree = client.getKubernetesSerialization().convertValue(resource, JsonNode.class);
    try {
      return ResourceReader.read(tree) instanceof Resource.OciRegistry registry
          ? Optional.of(registry.spec())
          : Optional.empty();
    } catch (InvalidResourceException e) {
      return Optional.empty();
    }
  }

  /// As the operator asks it for its health: the address of its Service, which the certificate of
  /// the operator's authority names; the name, where its user brings a certificate.
  private Optional<String> address(OciRegistrySpec spec, RegistryNames names, String endpoint) {
    if (spec.tls().secretRef() != null) {
      return Optional.of(endpoint);
    }
    var service = client.services().inNamespace(names.namespace()).withName(names.name()).get();
    return service == null
        ? Optional.empty()
        : Optional.of(RegistryAddress.of(service, RegistryObjects.PORT));
  }
}
