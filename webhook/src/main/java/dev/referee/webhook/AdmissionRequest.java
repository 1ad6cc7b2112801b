package dev.referee.webhook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// What an API server asks (`admission.k8s.io/v1`, AdmissionRequest), as far as it matters here.
///
/// @param uid to be repeated in the answer
/// @param group API group of the object's kind; empty for the core group
/// @param kind kind of the object
/// @param subResource `ephemeralcontainers`; empty for the object itself
/// @param operation what is to be done with it
/// @param namespace the object's namespace; empty for cluster-wide objects
/// @param name the object's name; empty while the API server has yet to make one up
/// @param object the object as it is to become; null when it is deleted
/// @param oldObject the object as it is; null when it is created
record AdmissionRequest(
    String uid,
    String group,
    String kind,
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

  /// `Pod shop/cart`, for people.
  String describe() {
    var objectName = name.isEmpty() ? "(unnamed)" : name;
    return namespace.isEmpty()
        ? kind + " " + objectName
        : "%s %s/%s".formatted(kind, namespace, objectName);
  }
}
