package dev.referee.e2e.cluster;

import java.util.ArrayList;
import java.util.List;

/// The command lines of a control plane whose state is not worth keeping.
///
/// @param binaries what to run
/// @param layout where its files and ports are
record ControlPlaneCommands(ControlPlaneBinaries binaries, ControlPlaneLayout layout) {
  /// What makes a namespace complete and takes it away again, and what makes pods of templates:
  /// that is what tests look at. Those for nodes, volumes and quotas have nothing to do here.
  private static final List<String> CONTROLLERS =
      List.of(
          "namespace-controller",
          "serviceaccount-controller",
          "serviceaccount-token-controller",
          "root-ca-certificate-publisher-controller",
          "garbage-collector-controller",
          "clusterrole-aggregation-controller",
          "deployment-controller",
          "replicaset-controller",
          "replicationcontroller-controller",
          "statefulset-controller",
          "daemonset-controller",
          "job-controller",
          "cronjob-controller",
          "endpointslice-controller");

  List<String> etcd() {
    return List.of(
        binaries.etcd().toString(),
        "--data-dir=" + layout.etcdData(),
        // Nobody reads this data after a crash of the machine.
        "--unsafe-no-fsync",
        "--listen-client-urls=" + layout.etcdUrl(),
        "--advertise-client-urls=" + layout.etcdUrl(),
        "--listen-peer-urls=" + layout.peerUrl(),
        "--initial-advertise-peer-urls=" + layout.peerUrl(),
        "--initial-cluster=default=" + layout.peerUrl());
  }

  List<String> apiServer() {
    var command =
        new ArrayList<>(
            List.of(
                binaries.apiServer().toString(),
                "--etcd-servers=" + layout.etcdUrl(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + layout.apiPort(),
                // Loopback is no address that an endpoint may have, and no pod could reach it.
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--tls-cert-file=" + layout.servingCertificate(),
                "--tls-private-key-file=" + layout.servingKey(),
                "--client-ca-file=" + layout.authority(),
                "--service-account-key-file=" + layout.serviceAccountPublicKey(),
                "--service-account-signing-key-file=" + layout.serviceAccountKey(),
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                "--allow-privileged=true"));
    if (binaries.controllerManager().isEmpty()) {
      // Nobody makes the ServiceAccounts without which it would refuse every pod.
      command.add("--disable-admission-plugins=ServiceAccount");
    }
    return command;
  }

  /// @throws java.util.NoSuchElementException when there is no controller manager
  List<String> controllerManager() {
    return List.of(
        binaries.controllerManager().orElseThrow().toString(),
        "--kubeconfig=" + layout.controllerManagerKubeconfig(),
        // There is no other, and nobody asks this one for its health.
        "--leader-elect=false",
        "--secure-port=0",
        "--controllers=" + String.join(",", CONTROLLERS),
        // The usual 20 requests a second make its start take seconds longer.
        "--kube-api-qps=1000",
        "--kube-api-burst=1000",
        "--use-service-account-credentials",
        "--service-account-private-key-file=" + layout.serviceAccountKey(),
        "--root-ca-file=" + layout.authority());
  }
}
