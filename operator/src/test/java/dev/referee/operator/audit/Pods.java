package dev.referee.operator.audit;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;

/// Pods as the API server delivers them.
final class Pods {
  private Pods() {}

  static Pod of(String yaml) {
    return Serialization.unmarshal(yaml, Pod.class);
  }

  /// A pod of one running container.
  ///
  /// @param owner kind and name of the controller, whose uid is the name
  /// @param digest what runs
  static Pod running(String namespace, String name, String owner, String image, String digest) {
    return of(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          namespace: %s
          name: %s
          uid: uid-of-%2$s
          labels: {app: shop}
          ownerReferences:
            - {apiVersion: apps/v1, kind: %s, name: %s, uid: %4$s, controller: true}
        spec: {containers: [{name: main, image: "%s"}]}
        status:
          phase: Running
          containerStatuses: [{name: main, imageID: "registry.example.com/any@%s"}]
        """
            .formatted(
                namespace,
                name,
                owner.substring(0, owner.indexOf('/')),
                owner.substring(owner.indexOf('/') + 1),
                image,
                digest));
  }
}
