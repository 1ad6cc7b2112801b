package dev.referee.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A registry that the operator runs, as its object says.
///
/// @param endpoint host and port by which images name it
/// @param reachedAt the URL at which nodes reach it
/// @param caBundle PEM certificates of its authority; absent, nobody said whom to trust
record BundledRegistry(String endpoint, String reachedAt, @Nullable String caBundle) {
  private static final Pattern NAME = Pattern.compile("([a-z0-9-]+)/([a-z0-9][a-z0-9.-]*)");
  private static final int PORT = 5000;

  BundledRegistry {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(reachedAt, "reachedAt is null");
  }

  /// Looks a registry up.
  ///
  /// @param name `NAMESPACE/NAME`
  /// @throws MisuseException where there is none, or none that is reached yet
  static BundledRegistry find(KubernetesClient client, String name) throws MisuseException {
    var parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new MisuseException(
          "\"%s\" is neither NAMESPACE/NAME of an OciRegistry nor HOST:PORT".formatted(name));
    }
    var object =
        client
            .genericKubernetesResources("referee.dev/v1alpha1", "OciRegistry")
            .inNamespace(parts.group(1))
            .withName(parts.group(2))
            .get();
    if (object == null) {
      throw new MisuseException("there is no OciRegistry %s in this cluster".formatted(name));
    }
    var tree = client.getKubernetesSerialization().convertValue(object, JsonNode.class);
    var endpoint = tree.at("/status/endpoint").asText();
    if (endpoint.isEmpty()) {
      var message = tree.at("/status/conditions/0/message").asText("its operator has not seen it");
      throw new MisuseException(
          "OciRegistry %s is not reached anywhere yet: %s".formatted(name, message));
    }
    var bundle = tree.at("/status/caBundle").asText();
    return new BundledRegistry(
        endpoint,
        reachedAt(client, tree, parts.group(1), parts.group(2)),
        bundle.isEmpty() ? null : bundle);
  }

  /// The node's own port, where there is one; else the address of the Service, to which every node
  /// has a way.
  private static String reachedAt(
      KubernetesClient client, JsonNode tree, String namespace, String name)
      throws MisuseException {
    var nodePort = tree.at("/spec/nodePort");
    if (nodePort.isInt()) {
      return "https://127.0.0.1:%d".formatted(nodePort.asInt());
    }
    var service = client.services().inNamespace(namespace).withName(name).get();
    if (service == null) {
      throw new MisuseException("there is no Service %s/%s".formatted(namespace, name));
    }
    var address = service.getSpec().getClusterIP();
    return "https://%s:%d".formatted(address.contains(":") ? "[" + address + "]" : address, PORT);
  }
}
