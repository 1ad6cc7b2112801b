package dev.referee.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;

/// Makes AdmissionReviews as an API server posts them (`admission.k8s.io/v1`).
public final class AdmissionReviews {
  private AdmissionReviews() {}

  /// The creation of a pod with these images, one container each.
  public static ObjectNode podCreation(String namespace, String name, String... images) {
    var review = review("", "Pod", "pods", "CREATE", namespace, name);
    ((ObjectNode) review.path("request")).set("object", pod(namespace, name, Map.of(), images));
    return review;
  }

  /// A pod with these images, one container each.
  public static ObjectNode pod(
      String namespace, String name, Map<String, String> labels, String... images) {
    var pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    var metadata = pod.putObject("metadata").put("name", name).put("namespace", namespace);
    labels.forEach(metadata.putObject("labels")::put);
    var containers = pod.putObject("spec").putArray("containers");
    for (int i = 0; i < images.length; i++) {
      containers.addObject().put("name", "c" + i).put("image", images[i]);
    }
    return pod;
  }

  /// A review without an object yet.
  public static ObjectNode review(
      String group, String kind, String resource, String operation, String namespace, String name) {
    var review =
        Json.object().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
    var request = review.putObject("request");
    request.put("uid", UUID.randomUUID().toString());
    request.putObject("kind").put("group", group).put("version", "v1").put("kind", kind);
    request
        .putObject("resource")
        .put("group", group)
        .put("version", "v1")
        .put("resource", resource);
    request.put("name", name).put("namespace", namespace).put("operation", operation);
    request.putObject("userInfo").put("username", "kubernetes-admin");
    request.put("dryRun", false);
    return review;
  }
}
