package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an API server asks (`admission.k8s.io/v1`, AdmissionRequest), as far as it matters here.
///
/// @param uid to be repeated in the answer
/// @param group API group of the object's kind; empty for the core group
/// @param kind kind of the object
/// @param resourceGroup API group of the resource that the request is made to
/// @param resourceVersion version of that group
/// @param resource plural name of that resource, such as `deployments`
/// @param subResource `ephemeralcontainers`, `scale`; empty for the object itself
/// @param operation what is to be done with it
/// @param namespace the object's namespace; empty for cluster-wide objects
/// @param name the object's name; empty while the API server has yet to make one up
/// @param object the object as it is to become; null when it is deleted
/// @param oldObject the object as it is; null when it is created
record AdmissionRequest(
    String uid,
    String group,
    String kind,
    String resourceGroup,
    String resourceVersion,
    String resource,
    String subResource,
    Operation operation,
    String namespace,
    String name,
    @Nullable ObjectNode object,
    @Nullable ObjectNode oldObject) {
  AdmissionRequest {
    requireNonNull(uid, "uid is null");
    requireNonNull(group, "group is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(resourceGroup, "resourceGroup is null");
    requireNonNull(resourceVersion, "resourceVersion is null");
    requireNonNull(resource, "resource is null");
    requireNonNull(subResource, "subResource is null");
    requireNonNull(operation, "operation is null");
    requireNonNull(namespace, "namespace is null");
    requireNonNull(name, "name is null");
  }

  enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /// Whether anything may begin to run by it.
  boolean bringsSomething() {
    return switch (operation) {
      case CREATE, UPDATE -> true;
      case DELETE, CONNECT -> false;
    };
  }

  boolean isPod() {
    return group.isEmpty() && kind.equals("Pod");
  }

  /// The same request, as if it were to create this object.
  AdmissionRequest about(String otherGroup, String otherKind, ObjectNode other) {
    return new AdmissionRequest(
        uid,
        otherGroup,
        otherKind,
        resourceGroup,
        resourceVersion,
        resource,
        "",
        Operation.CREATE,
        namespace,
        name,
        other,
        null);
  }

  /// The labels of the object as it is to become.
  Map<String, String> objectLabels() {
    var labels = new HashMap<String, String>();
    if (object != null) {
      for (var label : object.path("metadata").path("labels").properties()) {
        labels.put(label.getKey(), label.getValue().asText());
      }
    }
    return labels;
  }

  /// `Pod shop/cart`, for people.
  String describe() {
    var objectName = name.isEmpty() ? "(unnamed)" : name;
    return namespace.isEmpty()
        ? kind + " " + objectName
        : "%s %s/%s".formatted(kind, namespace, objectName);
  }
}
