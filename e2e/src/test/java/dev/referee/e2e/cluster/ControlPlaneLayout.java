package dev.referee.e2e.cluster;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/// Where a control plane keeps its files and on which ports of the loopback address it listens.
///
/// @param folder goes with the control plane
/// @param etcdPort where the API server speaks to etcd
/// @param peerPort where etcd would speak to others of its kind
/// @param apiPort where everybody speaks to the API server
record ControlPlaneLayout(Path folder, int etcdPort, int peerPort, int apiPort) {
  ControlPlaneLayout {
    requireNonNull(folder, "folder is null");
  }

  /// Ports that are free now. Somebody else may take one before its server does; whoever starts the
  /// servers then tries again with others.
  static ControlPlaneLayout onFreePorts(Path folder) {
    var loopback = InetAddress.getLoopbackAddress();
    try (var first = new ServerSocket(0, 1, loopback);
        var second = new ServerSocket(0, 1, loopback);
        var third = new ServerSocket(0, 1, loopback)) {
      return new ControlPlaneLayout(
          folder, first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("there are no free ports on loopback", e);
    }
  }

  Path etcdData() {
    return folder.resolve("etcd");
  }

  Path authority() {
    return folder.resolve("ca.crt");
  }

  Path servingCertificate() {
    return folder.resolve("apiserver.crt");
  }

  Path servingKey() {
    return folder.resolve("apiserver.key");
  }

  Path serviceAccountKey() {
    return folder.resolve("service-account.key");
  }

  Path serviceAccountPublicKey() {
    return folder.resolve("service-account.pub");
  }

  Path adminKubeconfig() {
    return folder.resolve("admin.kubeconfig");
  }

  Path controllerManagerKubeconfig() {
    return folder.resolve("controller-manager.kubeconfig");
  }

  String etcdUrl() {
    return "http://127.0.0.1:" + etcdPort;
  }

  String peerUrl() {
    return "http://127.0.0.1:" + peerPort;
  }

  String apiServerUrl() {
    return "https://127.0.0.1:" + apiPort;
  }
}
