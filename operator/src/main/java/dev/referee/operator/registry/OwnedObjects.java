package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/// The objects of one registry in the cluster, written by server-side apply: what we say is put
/// right, what others add stays.
final class OwnedObjects {
  /// What the API server calls us in `managedFields`.
  static final String FIELD_MANAGER = "referee-operator";

  /// With these the API server says that it will not have the object; it is no use to try again.
  private static final Set<Integer> REFUSALS =
      Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, 422);

  private final KubernetesClient client;
  private final RegistryNames names;

  OwnedObjects(KubernetesClient client, RegistryNames names) {
    this.client = requireNonNull(client, "client is null");
    this.names = requireNonNull(names, "names is null");
  }

  /// Makes an object what it must be. One of the same name that is not this registry's is left
  /// alone: whoever may write an OciRegistry must not overwrite other objects by it.
  <T extends HasMetadata> T apply(T desired) throws UnsatisfiedException {
    var existing = client.resource(desired).get();
    if (existing != null) {
      checkOurs(existing);
    }
    try {
      return client
          .resource(desired)
          .fieldManager(FIELD_MANAGER)
          .forceConflicts()
          .serverSideApply();
    } catch (KubernetesClientException e) {
      throw refused(e, called(desired));
    }
  }

  /// Makes an object that is not there, and leaves alone one that is.
  <T extends HasMetadata> void keep(T desired) throws UnsatisfiedException {
    var existing = client.resource(desired).get();
    if (existing != null) {
      checkOurs(existing);
      return;
    }
    try {
      var _ = client.resource(desired).create();
    } catch (KubernetesClientException e) {
      // Somebody else has just made it: looked at again the next time.
      throw refused(e, called(desired));
    }
  }

  private void checkOurs(HasMetadata existing) throws UnsatisfiedException {
    if (!isOurs(existing)) {
      throw new UnsatisfiedException(
          RegistryReason.NAME_TAKEN,
          "%s exists and is not of this registry; remove it, or name the registry otherwise"
              .formatted(called(existing)));
    }
  }

  /// Removes an object of this registry that it does not need any more; another's stays.
  <T extends HasMetadata> void remove(Class<T> type, String name) {
    var resource = client.resources(type).inNamespace(names.namespace()).withName(name);
    var existing = resource.get();
    if (existing != null && isOurs(existing)) {
      resource.delete();
    }
  }

  boolean isOurs(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(names.uid()));
  }

  /// A refusal as its user hears of it.
  ///
  /// @throws KubernetesClientException the same, where it is no refusal but a failure
  static UnsatisfiedException refused(KubernetesClientException e, String called) {
    if (!REFUSALS.contains(e.getCode())) {
      throw e;
    }
    var status = e.getStatus();
    var words =
        status == null || status.getMessage() == null ? e.getMessage() : status.getMessage();
    return new UnsatisfiedException(
        RegistryReason.REFUSED, "the API server refused %s: %s".formatted(called, words));
  }

  private static String called(HasMetadata object) {
    return "%s %s".formatted(object.getKind(), object.getMetadata().getName());
  }
}
