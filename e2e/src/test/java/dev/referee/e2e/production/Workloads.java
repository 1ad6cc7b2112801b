package dev.referee.e2e.production;

/// Manifests that bring an image into a cluster, each in a way of its own. All are within the
/// restricted profile of Pod Security.
final class Workloads {
  private static final String CONTAINER =
      """
      {name: main, image: "%s", imagePullPolicy: Always,\
       securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}\
      """;
  private static final String SECURITY =
      "securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type:"
          + " RuntimeDefault}}";

  private Workloads() {}

  /// A pod that runs once.
  static String pod(String name, String image) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: "%s"}
    spec: %s
    """
        .formatted(name, spec(image, "Never"));
  }

  /// A pod that mounts an image it does not run.
  static String podWithVolume(String name, String image, String volume) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: "%s"}
    spec:
      restartPolicy: Never
      %s
      containers: [%s]
      volumes: [{name: data, image: {reference: "%s", pullPolicy: Always}}]
    """
        .formatted(name, SECURITY, CONTAINER.formatted(image), volume);
  }

  static String deployment(String name, String image, int replicas) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: "%1$s"}
    spec:
      replicas: %3$d
      selector: {matchLabels: {app: "%1$s"}}
      template:
        metadata: {labels: {app: "%1$s"}}
        spec: %2$s
    """
        .formatted(name, spec(image, "Always"), replicas);
  }

  static String replicationController(String name, String image) {
    return """
    apiVersion: v1
    kind: ReplicationController
    metadata: {name: "%1$s"}
    spec:
      replicas: 1
      selector: {app: "%1$s"}
      template:
        metadata: {labels: {app: "%1$s"}}
        spec: %2$s
    """
        .formatted(name, spec(image, "Always"));
  }

  static String cronJob(String name, String image) {
    return """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: "%s"}
    spec:
      schedule: "0 0 1 1 *"
      jobTemplate: {spec: {template: {spec: %s}}}
    """
        .formatted(name, spec(image, "Never"));
  }

  /// An object of [#definition].
  static String rollout(String group, String name, String image) {
    return """
    apiVersion: "%s/v1"
    kind: Rollout
    metadata: {name: "%s"}
    spec: {template: {spec: {containers: [{name: main, image: "%s"}]}}}
    """
        .formatted(group, name, image);
  }

  /// A kind of somebody else with a pod template in it.
  static String definition(String group) {
    return """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: "rollouts.%1$s"}
    spec:
      group: "%1$s"
      scope: Namespaced
      names: {kind: Rollout, listKind: RolloutList, plural: rollouts, singular: rollout}
      versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    """
        .formatted(group);
  }

  private static String spec(String image, String restart) {
    return "{restartPolicy: %s, %s, containers: [%s]}"
        .formatted(restart, SECURITY, CONTAINER.formatted(image));
  }
}
