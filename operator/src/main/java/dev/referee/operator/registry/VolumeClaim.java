package dev.referee.operator.registry;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.OciRegistrySpec.PersistentVolume;
import dev.referee.operator.registry.model.RegistryNames;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The volume claim of a registry, as it is: made by a StatefulSet from a template that cannot be
/// changed, and kept when the registry is deleted.
final class VolumeClaim {
  private static final String STORAGE = "storage";

  private final KubernetesClient client;
  private final RegistryNames names;

  VolumeClaim(KubernetesClient client, RegistryNames names) {
    this.client = requireNonNull(client, "client is null");
    this.names = requireNonNull(names, "names is null");
  }

  /// Makes the claim as large as wanted, where there is one already.
  ///
  /// @return the size that the template has and keeps; empty, there is no template yet
  String prepare(PersistentVolume volume) throws UnsatisfiedException {
    checkClass(volume);
    var claim =
        client
            .persistentVolumeClaims()
            .inNamespace(names.namespace())
            .withName(names.claim())
            .get();
    if (claim != null) {
      resize(claim, volume);
    }
    var set = client.apps().statefulSets().inNamespace(names.namespace()).withName(names.name());
    var existing = set.get();
    if (existing == null || existing.getSpec().getVolumeClaimTemplates().isEmpty()) {
      return "";
    }
    var template = existing.getSpec().getVolumeClaimTemplates().getFirst();
    if (!Objects.equals(template.getSpec().getStorageClassName(), volume.storageClassName())) {
      throw new UnsatisfiedException(
          RegistryReason.STORAGE_CLASS_CANNOT_CHANGE,
          "the volume was claimed with storage class %s and stays there; make another registry and"
                  .formatted(className(template.getSpec().getStorageClassName()))
              + " copy the content");
    }
    return size(template).toString();
  }

  private void checkClass(PersistentVolume volume) throws UnsatisfiedException {
    var name = volume.storageClassName();
    if (name != null && client.storage().v1().storageClasses().withName(name).get() == null) {
      throw new UnsatisfiedException(
          RegistryReason.STORAGE_CLASS_NOT_FOUND,
          "there is no storage class %s in this cluster".formatted(name));
    }
  }

  private void resize(PersistentVolumeClaim claim, PersistentVolume volume)
      throws UnsatisfiedException {
    var is = size(claim);
    var wanted = new Quantity(volume.size());
    int difference = wanted.getNumericalAmount().compareTo(is.getNumericalAmount());
    if (difference < 0) {
      throw new UnsatisfiedException(
          RegistryReason.STORAGE_CANNOT_SHRINK,
          "the volume has %s already, and no volume gets smaller; %s is too little"
              .formatted(is, wanted));
    }
    if (difference == 0) {
      return;
    }
    try {
      client
          .resource(claim)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}".formatted(wanted));
    } catch (KubernetesClientException e) {
      var refused = OwnedObjects.refused(e, "PersistentVolumeClaim " + names.claim());
      throw new UnsatisfiedException(
          RegistryReason.STORAGE_CANNOT_GROW, String.valueOf(refused.getMessage()));
    }
  }

  /// Why nothing has bound the claim yet; empty, something has.
  String pending() {
    var claim =
        client
            .persistentVolumeClaims()
            .inNamespace(names.namespace())
            .withName(names.claim())
            .get();
    if (claim == null || !"Pending".equals(claim.getStatus().getPhase())) {
      return "";
    }
    return "nothing has bound PersistentVolumeClaim %s of %s in storage class %s; its events say why"
        .formatted(names.claim(), size(claim), className(claim.getSpec().getStorageClassName()));
  }

  private static Quantity size(PersistentVolumeClaim claim) {
    return requireNonNull(
        claim.getSpec().getResources().getRequests().get(STORAGE), "a claim has a size");
  }

  private static String className(@Nullable String name) {
    return name == null || name.isEmpty() ? "(the default)" : name;
  }
}
