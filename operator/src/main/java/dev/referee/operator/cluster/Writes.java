package dev.referee.operator.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.referee.api.v1alpha1.ResourceId;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;

/// Everything that the operator changes in a cluster goes through here, one object at a time: that
/// is where it may be stopped without leaving anything half-written.
public interface Writes {
  /// Creates an object, or replaces the one of the version that it names.
  ///
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException also when somebody was faster
  <T extends HasMetadata> void store(T object);

  /// Makes an object what it should be (server-side apply), whoever owned which field.
  ///
  /// @return what it is then
  <T extends HasMetadata> T apply(T object);

  /// Replaces an object of the version that it names.
  <T extends HasMetadata> T replace(T object);

  /// Writes the conditions of one of our objects (server-side apply).
  ///
  /// @param uid of the object that they are about, so that they never reach a later one of its name
  /// @param status with the whole list of conditions
  void conditions(ResourceId id, String uid, ObjectNode status);

  /// Tells people. That it fails is no reason to stop anything.
  void event(Event event);
}
