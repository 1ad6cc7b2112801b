package dev.referee.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.referee.testing.tls.CertificateAuthority;
import dev.referee.testing.tls.IssuedCertificate;
import dev.referee.testing.tls.KeyKind;
import dev.referee.testing.tls.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// Keys, certificates and kubeconfigs of a control plane: one authority, and one certificate for
/// everybody who speaks to the API server.
final class ControlPlaneCredentials {
  private static final List<String> API_SERVER_HOSTS =
      List.of(
          "127.0.0.1",
          "localhost",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local");

  private ControlPlaneCredentials() {}

  static void write(ControlPlaneLayout layout) {
    var authority = CertificateAuthority.create("CN=referee-e2e-ca");
    var serving = authority.server("CN=kube-apiserver", API_SERVER_HOSTS);
    // The group that RBAC cannot refuse.
    var admin = authority.client("O=system:masters,CN=admin");
    var controllerManager = authority.client("CN=system:kube-controller-manager");
    var serviceAccounts = KeyKind.EC.generate();
    try {
      Files.writeString(layout.authority(), authority.certificatePem());
      Files.writeString(layout.servingCertificate(), serving.certificatePem());
      Files.writeString(layout.servingKey(), serving.keyPem());
      Files.writeString(layout.serviceAccountKey(), Pem.of(serviceAccounts.getPrivate()));
      Files.writeString(layout.serviceAccountPublicKey(), Pem.of(serviceAccounts.getPublic()));
      kubeconfig(layout.adminKubeconfig(), layout, authority, admin);
      kubeconfig(layout.controllerManagerKubeconfig(), layout, authority, controllerManager);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the keys of a control plane", e);
    }
  }

  private static void kubeconfig(
      Path file, ControlPlaneLayout layout, CertificateAuthority authority, IssuedCertificate user)
      throws IOException {
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: e2e
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: e2e
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: e2e
          context:
            cluster: e2e
            user: e2e
        current-context: e2e
        """
            .formatted(
                layout.apiServerUrl(),
                base64(authority.certificatePem()),
                base64(user.certificatePem()),
                base64(user.keyPem())));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
